import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLiveAccount } from "../../src/command/live-account.ts";
import { type Account, accountOf, renderAccount } from "../../src/index.ts";
import { completedRun } from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A live account that takes so long to compute, of one run more at each time. */
function started(costMs: number) {
  // A pipe, which is all that it needs of a stream that is no terminal.
  const stream = new PassThrough({ encoding: "utf8" }) as unknown as NodeJS.WriteStream;
  let computed = 0;
  const account = (): Account => {
    computed += 1;
    vi.advanceTimersByTime(costMs);
    return accountOf(
      spansOf(...Array.from({ length: computed }, (_, at) => completedRun(at + 1, `r${at}`))),
    );
  };
  const live = createLiveAccount(stream, { heading: "", account });
  return { live, stream, computed: () => computed };
}

test.each([
  ["200 ms after one that took no time", 0, 200],
  ["200 ms after one that took 20 ms", 20, 200],
  ["ten times as long after one that took 21 ms", 21, 210],
  ["ten times as long after one that took 3 s", 3000, 30_000],
])("the next print comes %s", (_, costMs, pauseMs) => {
  const { live, computed } = started(costMs);
  live.changed();
  vi.advanceTimersByTime(199);
  expect(computed()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(computed()).toBe(1);
  live.changed();
  vi.advanceTimersByTime(pauseMs - 1);
  expect(computed()).toBe(1);
  vi.advanceTimersByTime(1);
  expect(computed()).toBe(2);
});

test("a change after the pause is printed as soon as ever", () => {
  const { live, computed } = started(3000);
  live.changed();
  vi.advanceTimersByTime(200);
  vi.advanceTimersByTime(30_000);
  live.changed();
  vi.advanceTimersByTime(199);
  expect(computed()).toBe(1);
  vi.advanceTimersByTime(1);
  expect(computed()).toBe(2);
});

test("the last print does not wait, and none comes after it", () => {
  const { live, stream, computed } = started(3000);
  live.changed();
  vi.advanceTimersByTime(200);
  live.changed();
  live.finish();
  vi.advanceTimersByTime(60_000);
  const one = renderAccount(accountOf(spansOf(completedRun(1, "r0"))));
  expect([computed(), stream.read()]).toEqual([2, `${one}\n2 runs completed\n`]);
});
