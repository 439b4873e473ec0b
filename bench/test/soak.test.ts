import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { coursesOf, type Measure } from "../src/soak/flatness.ts";
import type { Sample } from "../src/soak/sample.ts";

const MAIN = fileURLToPath(new URL("../dist/soak/main.js", import.meta.url));

const soak = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["--expose-gc", MAIN, ...args], { encoding: "utf8" });

/** It starts processes, and the machine may be busy. */
const TIMEOUT_MS = 300_000;

describe("pnpm soak", { timeout: TIMEOUT_MS }, () => {
  test("every run is sent, and the journal holds nothing of those that are", () => {
    const { status, stdout, stderr } = soak("--runs", "20000", "--json");
    const { courses, ...result } = JSON.parse(stdout);
    expect(result).toEqual({
      runs: 20_000,
      actions: 21,
      incidents: expect.any(Number),
      sent: expect.any(Number),
      failed: 0,
      seconds: expect.any(Number),
      cpuSeconds: expect.any(Number),
      isFlat: expect.any(Boolean),
    });
    expect(result.sent).toBeGreaterThan(20_000);
    expect(result.incidents).toBeGreaterThan(500);
    // So short a run is no proof of memory: that is the long one's.
    expect(flatOf(courses, ["openRuns", "openActions", "journal", "segments", "handles"])).toEqual(
      [],
    );
    expect(stderr.match(/runs: .* resident/g)).toHaveLength(40);
    expect(status).toBe(result.isFlat ? 0 : 1);
  });

  test.each([
    [["--runs", "19999"], '"19999"'],
    [["--runs", "many"], '"many"'],
    [["--fast"], "--fast"],
  ])("%j is refused with exit status 2", (args, named) => {
    const { status, stdout, stderr } = soak(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(named);
  });
});

const flatOf = (
  courses: readonly { readonly name: Measure; readonly isFlat: boolean }[],
  names: readonly Measure[],
) => courses.filter(({ name, isFlat }) => names.includes(name) && !isFlat);

describe("flat is what is no higher in the last quarter than in the second", () => {
  const MIB = 1024 * 1024;
  const samplesOf = (name: Measure, values: readonly number[]): readonly Sample[] =>
    values.map((value, index) => ({
      runs: index,
      rss: 0,
      heap: 0,
      openRuns: 0,
      openActions: 0,
      journal: 0,
      segments: 0,
      handles: 0,
      [name]: value,
    }));
  const unflat = (name: Measure, values: readonly number[]) =>
    coursesOf(samplesOf(name, values))
      .filter(({ isFlat }) => !isFlat)
      .map((course) => course.name);

  test.each<[Measure, number]>([
    ["rss", 16 * MIB],
    ["heap", 2 * MIB],
    ["openRuns", 256],
    ["openActions", 0],
    ["journal", 4 * MIB],
    ["segments", 4],
    ["handles", 2],
  ])("%s may be %i higher, and no more", (name, margin) => {
    expect(unflat(name, [0, 100, 0, 100 + margin])).toEqual([]);
    expect(unflat(name, [0, 100, 0, 101 + margin])).toEqual([name]);
  });

  test("what it took to start does not count", () => {
    expect(unflat("heap", [0, 50 * MIB, 50 * MIB, 50 * MIB])).toEqual([]);
  });
});
