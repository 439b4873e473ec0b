import { lifecycleSnapshot } from "@otel-lifecycle/api";
import { afterEach, expect, test, vi } from "vitest";
import { beginAround } from "../../src/shutdown/begin.ts";

afterEach(() => vi.useRealTimers());

test.each([
  ["SIGINT", 10_000],
  ["SIGTERM", 90_000],
])("beside others a shutdown by %s covers a process that lives on for %i ms", (signal, ms) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  expect(beginAround({ trigger: "signal", signal }, () => true)).toBe(true);
  vi.advanceTimersByTime(ms - 1);
  expect(lifecycleSnapshot().actions).toBe(1);
  vi.advanceTimersByTime(1);
  expect(lifecycleSnapshot().actions).toBe(0);
});
