/**
 * `tally.mjs <reports> <status of test> <status of check>` adds up what `.ci/run` ran:
 * the tests of vitest's report and the steps of the gate.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [reports = "", testStatus, checkStatus] = process.argv.slice(2);

/** @typedef {{ passed: number, failed: number }} Count */

/** @param {string} file */
const read = (file) => JSON.parse(readFileSync(join(reports, file), "utf8"));

/** @returns {Count} */
function tests() {
  const { numPassedTests, numFailedTests, testResults } = read("tests.json");
  const skipped = process.env["CI"] ? unexcused(testResults).length : 0;
  return { passed: numPassedTests, failed: numFailedTests + skipped };
}

/**
 * In CI everything that a test needs is installed, so one that was skipped is one that was not
 * done; but for those that say in their `meta.platform` what no installation could bring.
 * @param {{ assertionResults: { status: string, meta?: { platform?: string } }[] }[]} results
 */
function unexcused(results) {
  return results
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, meta }) => !["passed", "failed"].includes(status) && !meta?.platform);
}

/** @returns {Count} */
function checks() {
  return read("checks.json");
}

/**
 * A command that failed counts as one failure at least: a build that broke or a file that did not
 * load has no test to blame. One without a report counts as failed, whatever its status.
 * @param {() => Count} count
 * @param {string | undefined} status
 * @returns {Count}
 */
function settle(count, status) {
  try {
    const { passed, failed } = count();
    if (!Number.isInteger(passed) || !Number.isInteger(failed)) throw new TypeError("no counts");
    return { passed, failed: status === "0" ? failed : Math.max(failed, 1) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const both = [settle(tests, testStatus), settle(checks, checkStatus)];
const sum = (/** @type {keyof Count} */ key) =>
  both.reduce((total, count) => total + count[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
