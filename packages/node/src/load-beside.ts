import { createRequire } from "node:module";
import { attempt } from "./diagnostics.ts";

/** A module that few ask for, and what is done with it. */
export interface Wanted<T> {
  /** What cannot be done if it cannot be loaded, for the warning. */
  readonly what: string;
  readonly specifier: string;
  readonly load: () => Promise<T>;
  readonly use: (module: T) => void;
}

/**
 * Loads an ES module of ours apart from the rest, because every start would wait for what few ask
 * for; by `require`, because the application begins as soon as this returns. Where Node cannot
 * require an ES module (before 20.19 and 22.12) it is loaded beside the start, and what begins
 * before that goes without. What fails becomes one warning.
 */
export function loadBeside<T>({ what, specifier, load, use }: Wanted<T>): void {
  const used = (module: T): void => attempt(what, () => use(module));
  const module = required(specifier);
  if (module !== undefined) used(module as T);
  // What fails here fails without anybody who waits for it.
  else load().then(used, (error) => attempt(what, () => rethrow(error)));
}

const require = createRequire(import.meta.url);

function required(specifier: string): unknown {
  try {
    return require(specifier);
  } catch {
    return undefined;
  }
}

function rethrow(error: unknown): never {
  throw error;
}
