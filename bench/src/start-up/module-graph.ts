import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { APPLICATION, start } from "./start.ts";

/** The scripts that a start loads; Node's own and package.json files are not in it. */
export interface ModuleGraph {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Looks at a start that is not timed. V8's coverage lists every script of a process, ES module or
 * not, on every version of Node, and needs no hook that would load some itself.
 */
export const moduleGraphOf = (preload: string): ModuleGraph => {
  const folder = mkdtempSync(join(tmpdir(), "bench-coverage-"));
  try {
    start(preload, { NODE_V8_COVERAGE: folder });
    const scripts = new Set(readdirSync(folder).flatMap((name) => scriptsIn(join(folder, name))));
    scripts.delete(APPLICATION.href);
    const sizes = [...scripts].map((url) => statSync(fileURLToPath(url)).size);
    return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const scriptsIn = (file: string): readonly string[] => {
  const { result } = JSON.parse(readFileSync(file, "utf8")) as Coverage;
  return result.map(({ url }) => url).filter((url) => url.startsWith("file:"));
};

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}
