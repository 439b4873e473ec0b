import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = resolve(import.meta.dirname, "../../scripts/tally.mjs");
let reports = "";

beforeEach(() => {
  reports = mkdtempSync(join(tmpdir(), "otel-lifecycle-tally-"));
});

afterEach(() => rmSync(reports, { recursive: true, force: true }));

type Skipped = { readonly platform?: string };

const tests = (passed: number, failed: number, skipped: readonly Skipped[] = []) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    testResults: [
      { assertionResults: skipped.map((meta) => ({ status: "skipped", meta })) },
      { assertionResults: [{ status: "passed" }, ...Array(failed).fill({ status: "failed" })] },
    ],
  });
const checks = (passed: number, failed: number) => JSON.stringify({ passed, failed });

test.each([
  ["all is well", tests(9, 0), "0", checks(6, 0), "0", "15 passed, 0 failed"],
  ["a test failed", tests(8, 1), "1", checks(6, 0), "0", "14 passed, 1 failed"],
  ["a check failed", tests(9, 0), "0", checks(4, 2), "1", "13 passed, 2 failed"],
  ["a file did not load", tests(9, 0), "1", checks(6, 0), "0", "15 passed, 1 failed"],
  ["the build broke before the tests", undefined, "2", checks(2, 4), "1", "2 passed, 5 failed"],
  ["the report was cut", '{"numPassed', "1", checks(6, 0), "0", "6 passed, 1 failed"],
  ["the report has no counts", "{}", "0", checks(6, 0), "0", "6 passed, 1 failed"],
  ["the tests ran without a report", undefined, "0", checks(6, 0), "0", "6 passed, 1 failed"],
  ["nothing ran at all", undefined, "127", undefined, "127", "0 passed, 2 failed"],
])("%s", (_title, tested, testStatus, checked, checkStatus, expected) => {
  if (tested !== undefined) writeFileSync(join(reports, "tests.json"), tested);
  if (checked !== undefined) writeFileSync(join(reports, "checks.json"), checked);
  for (const ci of ["true", ""]) expect(tallied(testStatus, checkStatus, ci)).toBe(expected);
});

test.each([
  ["a skipped test counts as failed in CI", [{}], "true", "13 passed, 3 failed"],
  ["nothing that is skipped counts elsewhere", [{}], "", "13 passed, 2 failed"],
  ["what the platform lacks is excused", [{ platform: "no pid" }], "true", "13 passed, 2 failed"],
  ["each is judged alone", [{ platform: "no pid" }, {}, {}], "true", "13 passed, 4 failed"],
])("%s", (_title, skipped, ci, expected) => {
  writeFileSync(join(reports, "tests.json"), tests(8, 1, skipped));
  writeFileSync(join(reports, "checks.json"), checks(5, 1));
  expect(tallied("1", "1", ci)).toBe(expected);
});

const tallied = (testStatus: string, checkStatus: string, ci: string): string => {
  const args = [script, reports, testStatus, checkStatus];
  const env = { ...process.env, CI: ci };
  return spawnSync(process.execPath, args, { encoding: "utf8", env }).stdout.trimEnd();
};
