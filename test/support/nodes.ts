import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** A version of Node.js that the tests run programs on. */
export interface NodeBinary {
  /** As `process.version` has it: `v22.23.3`. */
  readonly version: string;
  readonly path: string;
}

const APP = resolve(import.meta.dirname, "../apps/nodes");

/**
 * The one list of Node.js versions for tests: this process's own, then those that
 * `OTEL_LIFECYCLE_TEST_NODES` names (paths, separated as in `PATH`), else those of
 * `test/apps/nodes`, each major version once. Fails where `CI` is set and they are not installed.
 */
export const nodeBinaries = (): readonly NodeBinary[] => {
  const given = process.env["OTEL_LIFECYCLE_TEST_NODES"];
  const paths = given === undefined ? installedNodes() : given.split(delimiter).filter(Boolean);
  const found = [{ version: process.version, path: process.execPath }];
  for (const path of paths) {
    const version = execFileSync(path, ["--version"], { encoding: "utf8" });
    found.push({ version: version.trim(), path });
  }
  const byMajor = new Map<string, NodeBinary>();
  // The first stays, because this process's own is always among them.
  for (const node of found) if (!byMajor.has(major(node))) byMajor.set(major(node), node);
  return [...byMajor.values()].sort(
    (one, other) => Number(major(one).slice(1)) - Number(major(other).slice(1)),
  );
};

const major = ({ version }: NodeBinary): string => version.slice(0, version.indexOf("."));

const installedNodes = (): readonly string[] => {
  const { dependencies } = JSON.parse(readFileSync(join(APP, "package.json"), "utf8")) as {
    dependencies: Readonly<Record<string, string>>;
  };
  const paths = Object.keys(dependencies).map((name) =>
    join(APP, "node_modules", name, "bin/node"),
  );
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length === 0) return paths;
  const message = "other versions of Node.js are not installed: node scripts/apps.mjs nodes";
  if (process.env["CI"]) throw new Error(message);
  process.stderr.write(`SKIPPED: ${message}\n`);
  return paths.filter((path) => !missing.includes(path));
};
