import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

const torture = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const exit = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await exit;
  return { status, stdout, stderr };
};

const TRIALS = process.env["CI"] === undefined ? 15 : 100;

/** A trial is a second or so where nobody else works, and many where everybody does. */
const TIMEOUT_MS = TRIALS * 30_000;

describe("pnpm torture", { timeout: TIMEOUT_MS }, () => {
  test("servers that are killed at any moment lose nothing, and nothing untrue is said of them", async () => {
    const { status, stdout, stderr } = await torture("--trials", String(TRIALS), "--json");
    const { runs, duplicated, ...totals } = JSON.parse(stdout);
    expect({ ...totals, status, stderr }).toEqual({
      trials: TRIALS,
      lost: 0,
      duplicatedOutsideWindow: 0,
      wrong: 0,
      status: 0,
      // Progress and nothing else.
      stderr: expect.stringMatching(/^(\d+ trials, \d+ runs\n)+$/),
    });
    // Else it would pass on nothing.
    expect(runs).toBeGreaterThan(TRIALS * 20);
    expect(duplicated).toBeGreaterThan(0);
  });

  test.each([
    [["--trials", "0"], '"0"'],
    [["--seed", "x"], '"x"'],
    [["--fast"], "--fast"],
  ])("%j is refused with exit status 2", async (args, named) => {
    const { status, stdout, stderr } = await torture(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(named);
  });
});
