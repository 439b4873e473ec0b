/**
 * What the tests need beside npm: builds the Collector and Jaeger that are pinned, unless they are
 * there already. `--check` only says what is there. `--in-ci` does nothing outside CI, and there
 * installs a browser as well. See `backends/pins.mjs` for where they go.
 */
import { constants, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { build, RECIPES } from "./backends/build.mjs";
import { chromiumPath, installChromium } from "./backends/chromium.mjs";
import { requireGo } from "./backends/go.mjs";
import { BACKENDS, binaryOf } from "./backends/pins.mjs";
import { showProgress } from "./backends/progress.mjs";

/**
 * @typedef {import("./backends/pins.mjs").BackendName} BackendName
 * @typedef {import("./backends/progress.mjs").Progress} Progress
 */

// Two linkers at once want half of it.
const MEMORY_FOR_BOTH = 7 * 2 ** 30;

// So that what is half built goes with it, and Go as well: Ctrl-C is how one stops ten minutes.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

const { values } = parseArgs({
  options: { check: { type: "boolean" }, "in-ci": { type: "boolean" } },
});
if (values.check) check();
else if (!values["in-ci"] || process.env["CI"]) await provide(values["in-ci"] === true);

/** One line for each, and a status of 1 if one is missing. */
function check() {
  const chromium = chromiumPath();
  const all = BACKENDS.map((name) => ({ name: /** @type {string} */ (name), ...binaryOf(name) }));
  all.push({ name: "chromium", path: chromium ?? "", isThere: chromium !== undefined });
  for (const { name, path, isThere } of all) {
    console.log(`backends: ${name.padEnd(8)} ${isThere ? "there  " : "missing"} ${path}`.trimEnd());
  }
  if (all.some(({ isThere }) => !isThere)) process.exitCode = 1;
}

/**
 * Tries everything also after something failed, because what is built then stays built.
 * @param {boolean} withBrowser
 */
async function provide(withBrowser) {
  const progress = showProgress();
  const jobs = [provideBackends(progress)];
  if (withBrowser && chromiumPath() === undefined) jobs.push(provideChromium(progress));
  const failures = (await Promise.all(jobs)).flat();
  progress.stop();
  for (const failure of failures) console.error(`backends: FAILED ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}

/**
 * @param {Progress} progress
 * @returns {Promise<string[]>} what failed
 */
async function provideBackends(progress) {
  const missing = BACKENDS.filter((name) => !binaryOf(name).isThere);
  if (missing.length === 0) return [];
  const given = process.env["OTEL_LIFECYCLE_BACKENDS"];
  if (given) return missing.map((name) => `${name}: not in OTEL_LIFECYCLE_BACKENDS, ${given}`);
  const minutes = missing.reduce((sum, name) => sum + RECIPES[name].minutes, 0);
  progress.say(`building ${missing.join(" and ")}: about ${minutes} min on 2 cores from nothing`);
  try {
    const env = await requireGo(progress.say);
    const jobs = missing.map((name) => () => {
      const step = (/** @type {string} */ doing) => progress.step(name, doing);
      return attempt(name, () => build(name, { env, step }), progress);
    });
    return (await (totalmem() < MEMORY_FOR_BOTH ? oneByOne(jobs) : atOnce(jobs))).flat();
  } catch (error) {
    return [messageOf(error)];
  }
}

/**
 * @param {Progress} progress
 * @returns {Promise<string[]>} what failed
 */
function provideChromium(progress) {
  progress.step("chromium", "apt-get install");
  return attempt("chromium", installChromium, progress);
}

/**
 * @param {string} name
 * @param {() => Promise<void>} job
 * @param {Progress} progress
 * @returns {Promise<string[]>} what failed
 */
async function attempt(name, job, progress) {
  try {
    await job();
    progress.say(`${name}: ready after ${progress.end(name)} s`);
    return [];
  } catch (error) {
    progress.say(`${name}: failed after ${progress.end(name)} s`);
    return [`${name}: ${messageOf(error)}`];
  }
}

/**
 * One fetches or links, on one core, while the other compiles.
 * @param {(() => Promise<string[]>)[]} jobs
 */
function atOnce(jobs) {
  return Promise.all(jobs.map((job) => job()));
}

/** @param {(() => Promise<string[]>)[]} jobs */
async function oneByOne(jobs) {
  const results = [];
  for (const job of jobs) results.push(await job());
  return results;
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
