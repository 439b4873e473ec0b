import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

const bench = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["--expose-gc", MAIN, ...args], { encoding: "utf8" });

const MEASURED = {
  name: expect.stringMatching(/^[a-z0-9_]+$/),
  value: expect.any(Number),
  unit: expect.stringMatching(/^(?:1|us|ms|s|By|\{file\})$/),
};

/** It starts a process, and the machine may be busy. */
const TIMEOUT_MS = 60_000;

describe("pnpm bench", { timeout: TIMEOUT_MS }, () => {
  test("--json is an array of figures, each with a goal and whether it holds, or neither", () => {
    const { status, stdout } = bench("--quick", "--json");
    const figures = JSON.parse(stdout);
    expect(figures).toEqual(
      figures.map(({ goal }: { goal: number | null }) =>
        goal === null
          ? { ...MEASURED, goal: null, holds: null }
          : { ...MEASURED, goal: expect.any(Number), holds: expect.any(Boolean) },
      ),
    );
    expect(figures.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining([
        "run_ratio",
        "automatic_root_ratio",
        "ordinary_span_ratio",
        "open_run_memory_ratio",
        "journal_begin_and_end",
        "journal_recovery",
        "register_startup",
      ]),
    );
    // Tiny sizes miss goals, and no figure fails a build.
    expect(status).toBe(0);
  });

  test("what it prints for a reader is a figure a line, progress is on standard error", () => {
    const { status, stdout, stderr } = bench("--quick", "--only", "dispose-all");
    expect(stdout).toMatch(/^dispose_all_10_cpu_ratio +[\d.]+ +goal <= 1\.25 +(?:ok|misses)$/m);
    expect(stdout).toMatch(/^dispose_all_cpu_growth +[\d.]+$/m);
    expect(stderr).toContain("dispose_all: 100 runs");
    expect(status).toBe(0);
  });

  test.each([
    [["--fast"], "--fast"],
    [["--only", "everything"], 'given "everything"'],
    [["quick"], "quick"],
  ])("%j is refused with exit status 2", (args, named) => {
    const { status, stdout, stderr } = bench(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(named);
  });

  test("without --expose-gc it says how to start it", () => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN], { encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toContain("--expose-gc");
  });
});
