import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** An application in a folder of its own, with packages of its own. */
export interface Application {
  /** The path of its main script. */
  readonly main: string;
  remove(): void;
}

/** What its packages hold, by path below `node_modules`; the API is there unless it is given. */
export function makeApplication(
  main: string,
  packages: Readonly<Record<string, string>>,
): Application {
  const folder = mkdtempSync(join(tmpdir(), "otel-lifecycle-"));
  const modules = join(folder, "node_modules");
  const names = Object.keys(packages).map((path) => path.split("/").slice(0, 2).join("/"));
  for (const [path, text] of Object.entries(packages)) write(join(modules, path), text);
  if (!names.includes("@opentelemetry/api")) {
    mkdirSync(join(modules, "@opentelemetry"), { recursive: true });
    symlinkSync(API, join(modules, "@opentelemetry/api"), "junction");
  }
  const dependencies = Object.fromEntries(names.map((name) => [name, "*"]));
  write(join(folder, "package.json"), JSON.stringify({ type: "module", dependencies }));
  write(join(folder, "main.js"), main);
  return {
    main: join(folder, "main.js"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const API = join(dirname(createRequire(import.meta.url).resolve("@opentelemetry/api")), "../..");

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
