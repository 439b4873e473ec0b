import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../packages.mjs";

/**
 * @typedef {{ name: string, path: string, dependencies: Record<string, string> }} App
 * @typedef {import("./packed.mjs").Packed} Packed
 */

const run = promisify(execFile);
const folder = join(root, "test/apps");
const hasNodeBinaries = process.platform === "linux" && process.arch === "x64";

/**
 * The applications by those names, or all of them that can be installed on this platform.
 * @param {string[]} names
 * @returns {App[]}
 */
export function appsNamed(names) {
  const all = readdirSync(folder).filter((name) => existsSync(join(folder, name, "package.json")));
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    throw new Error(`no application ${unknown.join(", ")}; expected ${all.join(", ")}`);
  }
  const chosen = names.length > 0 ? names : all;
  if (!hasNodeBinaries && chosen.includes("nodes")) {
    console.warn("test/apps: SKIPPED nodes: its binaries are for linux-x64; other versions of");
    console.warn("test/apps: Node.js go untested, unless OTEL_LIFECYCLE_TEST_NODES names some.");
  }
  return chosen
    .filter((name) => name !== "nodes" || hasNodeBinaries)
    .map((name) => {
      const path = join(folder, name);
      const { dependencies } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
      return { name, path, dependencies };
    });
}

/**
 * @param {App} app
 * @param {Packed[]} packages
 */
export async function installApp(app, packages) {
  await installLocked(app);
  if (!("@opentelemetry/api" in app.dependencies)) return;
  for (const packed of packages) await putIn(app, packed);
}

/** @param {App} app */
async function installLocked({ name, path }) {
  const lock = readFileSync(join(path, "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex");
  const stamp = join(path, "node_modules/.installed");
  if (isStamped(stamp, hash)) return;
  const begin = performance.now();
  // Engines are the tests' to keep: the newer ones run on a newer Node.js than this one.
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const args = ["ci", "--ignore-scripts", "--omit=optional", "--prefer-offline", ...quiet];
  await run("npm", args, { cwd: path, shell: process.platform === "win32" });
  writeFileSync(stamp, hash);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`test/apps: installed ${name} in ${seconds} s`);
}

/**
 * @param {App} app
 * @param {Packed} packed
 */
async function putIn({ path }, { name, hash, tarball }) {
  const into = join(path, "node_modules", name);
  const stamp = join(into, ".packed");
  if (isStamped(stamp, hash)) return;
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", into, "--strip-components=1"]);
  writeFileSync(stamp, hash);
}

/**
 * @param {string} stamp
 * @param {string} hash
 */
function isStamped(stamp, hash) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
}
