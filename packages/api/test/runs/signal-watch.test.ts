import { getEventListeners } from "node:events";
import { lifecycleSnapshot, startRun } from "@otel-lifecycle/api";
import { describe, expect, test } from "vitest";

describe("rule 13: the application's own signal, given to many runs", () => {
  test("has one listener of ours however many runs it is given to, and none after the last", () => {
    const { signal } = new AbortController();
    const runs = Array.from({ length: 20 }, () => startRun({ name: "agent run", signal }));
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    for (const run of runs) run.end();
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  test("stops every run that has not ended, and runs that begin after it too", () => {
    const controller = new AbortController();
    const { signal } = controller;
    const [first, second, third] = [1, 2, 3].map(() => startRun({ name: "agent run", signal }));
    second?.end();
    controller.abort();
    const late = startRun({ name: "agent run", signal });
    const inFlight = [first, third, late];
    expect(inFlight.map((run) => run?.signal.aborted)).toEqual([true, true, true]);
    for (const run of inFlight) run?.fail(run.signal.reason);
    expect(inFlight.map((run) => run?.close?.type)).toEqual(Array(3).fill("unknown_scope_close"));
    expect(lifecycleSnapshot().runs).toBe(0);
  });

  test("a run that a listener ends while it fires stops nobody else from being asked", () => {
    const controller = new AbortController();
    const { signal } = controller;
    const [first, second] = [1, 2].map(() => startRun({ name: "agent run", signal }));
    first?.signal.addEventListener("abort", () => first.end());
    controller.abort();
    expect(second?.signal.aborted).toBe(true);
    second?.end();
  });
});
