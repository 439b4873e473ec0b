import { expect, test } from "vitest";
import { clockOf } from "../../src/browser/clock.ts";
import {
  actionWindow,
  fractionOf,
  panned,
  ticksOf,
  wholeWindow,
  within,
  zoomed,
} from "../../src/browser/time-window.ts";

const WHOLE = { from: 0, to: 1000 };
const EMPTY = {
  origin: "0",
  actions: [],
  runs: [],
  inherited: 0,
  leftOut: { actions: 0, runs: 0 },
};

test("a window is never empty, also for a picture that has no times, or one moment", () => {
  expect(wholeWindow(EMPTY)).toEqual({ from: -0.02, to: 1.02 });
  const run = { id: "r", name: "run", result: "completed", start: 5, end: 5 };
  expect(wholeWindow({ ...EMPTY, runs: [run] })).toEqual({ from: 5 - 0.0002, to: 5 + 0.0002 });
});

test("an action's window has the delays of its runs and not their beginnings", () => {
  const action = { id: "a", depth: 0, outcome: "", start: 500, end: 510 };
  const run = { id: "r", name: "run", result: "interrupted", start: 0, end: 520, interrupt: 30 };
  expect(actionWindow([action], [run])).toEqual({ from: 484, to: 526 });
});

test("zooming keeps the middle, panning the length, and neither leaves the whole", () => {
  expect(zoomed(WHOLE, 0.5, WHOLE)).toEqual({ from: 250, to: 750 });
  expect(zoomed({ from: 0, to: 100 }, 2, WHOLE)).toEqual({ from: 0, to: 200 });
  expect(zoomed(WHOLE, 2, WHOLE)).toBe(WHOLE);
  expect(panned({ from: 900, to: 990 }, 0.25, WHOLE)).toEqual({ from: 910, to: 1000 });
  expect(panned({ from: 10, to: 110 }, -0.25, WHOLE)).toEqual({ from: 0, to: 100 });
  expect(within({ from: 5, to: 5 }, WHOLE)).toEqual({ from: 5, to: 5.01 });
  expect(fractionOf({ from: 100, to: 300 }, 150)).toBe(0.25);
});

test.each([
  [WHOLE, 100, [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]],
  [{ from: 0, to: 0.05 }, 0.005, Array.from({ length: 11 }, (_, n) => n * 0.005)],
  [{ from: 0, to: 100_000 }, 10_000, Array.from({ length: 11 }, (_, n) => n * 10_000)],
  [{ from: 0, to: 7_200_000 }, 900_000, Array.from({ length: 9 }, (_, n) => n * 900_000)],
  [
    { from: 0, to: 20 * 86_400_000 },
    172_800_000,
    Array.from({ length: 11 }, (_, n) => n * 172_800_000),
  ],
] as const)("the ticks of %o are %i ms apart", (window, step, times) => {
  const ticks = ticksOf(window, 10, () => 0);
  expect(ticks.step).toBeCloseTo(step, 9);
  expect(ticks.times.length).toBe(times.length);
  for (const [at, time] of ticks.times.entries())
    expect(time).toBeCloseTo(times[at] ?? Number.NaN, 9);
});

test("ticks are round by the clock, whatever the origin is", () => {
  // 22:13:20.123456789 UTC
  const clock = clockOf("1700000000123456789");
  const { step, times } = ticksOf(WHOLE, 10, clock.phase);
  expect(times.map((time) => clock.tick(time, step))).toEqual([
    "20.2 s",
    "20.3 s",
    "20.4 s",
    "20.5 s",
    "20.6 s",
    "20.7 s",
    "20.8 s",
    "20.9 s",
    "21.0 s",
    "21.1 s",
  ]);
});

test.each([
  [86_400_000, "11-14"],
  [60_000, "22:13"],
  [1000, "22:13:20"],
  [500, "20.1 s"],
  [10, "20.12 s"],
  [1, "20.123 s"],
  [0.001, "20.123457 s"],
])("a tick that is %d ms from the next says as much as differs", (step, text) => {
  expect(clockOf("1700000000123456789").tick(0, step)).toBe(text);
});

test("a moment is UTC to the millisecond, and one that no calendar has is no error", () => {
  const clock = clockOf("1700000000123456789");
  expect(clock.moment(0)).toBe("2023-11-14 22:13:20.123");
  expect(clock.moment(0.6)).toBe("2023-11-14 22:13:20.124");
  expect(clockOf("18446744073709551615").moment(1e18)).toBe("0000-00-00 00:00:00.000");
});
