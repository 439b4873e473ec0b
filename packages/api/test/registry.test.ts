import { trace } from "@opentelemetry/api";
import * as first from "@otel-lifecycle/api";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { fork } from "./support/fork.ts";
import { registerHarvest } from "./support/harvest.ts";
import { verdictOf } from "./support/plain-close.ts";
import { loadSecondCopy } from "./support/second-copy.ts";

const harvest = registerHarvest();
const second = await loadSecondCopy();
afterAll(() => second.remove());
afterEach(() => harvest.reset());

const copies = [
  ["a run of the first copy, an action of the second", first, second],
  ["a run of the second copy, an action of the first", second, first],
] as const;

test("the second copy is another module", () => {
  expect(second.startRun).not.toBe(first.startRun);
});

describe.each(copies)("two copies of the package in one process: %s", (_which, runs, actions) => {
  test("the run is asked, closed and linked both ways", () => {
    const scope = runs.createScope({ kind: "instance", key: "a" });
    expect(actions.createScope({ kind: "instance", key: "a" })).toBe(scope);
    const run = runs.startRun({ name: "agent run", scope });
    const { signal } = run;
    const span = run.with(() => trace.getTracer("app").startSpan("chat model"));
    actions.withAction({ kind: "dispose", scope }, () => run.fail(signal.reason));
    span.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose high");
    expect(harvest.span("agent run").links).toEqual(["closed_by dispose instance"]);
    expect(harvest.span("dispose instance")).toMatchObject({
      links: ["interrupts agent run"],
      attributes: { "lifecycle.action.interrupted_run_count": 1 },
    });
    expect(harvest.span("chat model").attributes).toMatchObject({
      "lifecycle.close.inherited_class": "lifecycle_action",
    });
  });

  test("each sees the other's current run and action", () => {
    runs.withRun({ name: "agent run" }, (run) => expect(actions.currentRun()).toBe(run));
    const scope = runs.createScope({ kind: "instance" });
    actions.withAction({ kind: "dispose", scope }, (action) => {
      expect(runs.currentAction()).toBe(action);
    });
  });

  test("a run inside a run of the other follows it", () => {
    const outer = runs.startRun({ name: "outer" });
    const inner = outer.with(() => actions.startRun({ name: "inner" }));
    const innermost = inner.with(() => runs.startRun({ name: "innermost" }));
    void innermost.signal;
    outer.cancel();
    for (const run of [innermost, inner, outer]) run.fail(run.signal.reason);
    expect([innermost, inner, outer].map(verdictOf)).toEqual(Array(3).fill("user_cancel high"));
  });

  test("the run in whose code the other's action is started is not blamed", () => {
    const scope = runs.createScope({ kind: "instance" });
    runs.withRun({ name: "request", scope }, (host) => {
      void host.signal;
      actions.withAction({ kind: "dispose", scope }, () => undefined);
    });
    expect(harvest.span("request").attributes["lifecycle.run.result"]).toBe("completed");
  });

  test("a user's cancel of the one proves it to the other", () => {
    const run = runs.startRun({ name: "agent run" });
    run.fail(actions.userCancel());
    expect(verdictOf(run)).toBe("user_cancel high");
  });

  test("both count the same runs and actions", () => {
    const run = runs.startRun({ name: "agent run" });
    expect(actions.lifecycleSnapshot()).toEqual(runs.lifecycleSnapshot());
    expect(actions.lifecycleSnapshot().runs).toBe(1);
    run.end();
  });
});

describe("rule 10: nothing leaks", () => {
  test("what has ended can be collected: runs, contexts, scopes and actions", () => {
    expect(fork("nothing-leaks", { args: ["--expose-gc"] })).toEqual({
      status: 0,
      stderr: "",
      output: { made: 60, left: [], snapshot: { runs: 0, actions: 0, bounded: {} } },
    });
  });
});
