import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

/** The application that is started, as far as its packages go. */
export interface Application {
  /** The names in its package.json that it needs at run time. */
  readonly dependencies: readonly string[];
  /** The file that the application would load; undefined if it has none. */
  resolve(specifier: string): string | undefined;
  /** Loads as the application would. Throws what loading throws. */
  load(specifier: string): unknown;
}

/** Looks from the folder of the main script, then from the working directory. */
export function findApplication(): Application {
  const script = process.argv[1];
  const folders = [...(script === undefined ? [] : [dirname(resolve(script))]), process.cwd()];
  const requires = folders.map((folder) => createRequire(join(folder, "application.js")));
  const requireOf = (specifier: string): NodeJS.Require | undefined =>
    requires.find((each) => resolved(each, specifier) !== undefined);
  return {
    dependencies: folders.map(dependenciesAbove).find((names) => names.length > 0) ?? [],
    resolve: (specifier) => requireOf(specifier)?.resolve(specifier),
    load: (specifier) => requireOf(specifier)?.(specifier),
  };
}

function resolved(from: NodeJS.Require, specifier: string): string | undefined {
  try {
    return from.resolve(specifier);
  } catch {
    return undefined;
  }
}

/** Of the nearest package.json, here or above. */
function dependenciesAbove(folder: string): readonly string[] {
  const manifest = readManifest(join(folder, "package.json"));
  if (manifest !== undefined) {
    return Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  }
  const above = dirname(folder);
  return above === folder ? [] : dependenciesAbove(above);
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly optionalDependencies?: Readonly<Record<string, unknown>>;
}

function readManifest(file: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}
