/**
 * The one gate: runs every check, also after one failed, and shows the output of those that did.
 * A step is a script of the root package.json, so that each can be run alone as `pnpm <step>`.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./packages.mjs";

const steps = ["lint", "typecheck", "api:check", "package:check", "unused", "check:examples"];

/** @type {Record<string, string>} */
const scripts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;
// Run here and not by pnpm, because through npx there is no pnpm on the PATH.
const env = {
  ...process.env,
  PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
};

/** @param {string} name */
function run(name) {
  const script = scripts[name];
  if (script === undefined) throw new Error(`package.json has no script "${name}"`);
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(script, {
    cwd: root,
    env,
    shell: true,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  const ok = status === 0;
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${ok ? "ok    " : "failed"}  ${name.padEnd(14)}  ${seconds.padStart(5)} s`);
  if (!ok) console.log(`\n$ ${script}\n${stdout}${stderr}`);
  return ok;
}

const passed = steps.filter(run).length;
const failed = steps.length - passed;
console.log(`${passed} checks passed, ${failed} failed`);

const reports = process.env["REPORTS_DIR"];
if (reports) writeFileSync(join(reports, "checks.json"), JSON.stringify({ passed, failed }));
if (failed > 0) process.exitCode = 1;
