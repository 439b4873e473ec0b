import {
  createScope,
  lifecycleSnapshot,
  type Run,
  type Scope,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fork } from "../support/fork.ts";
import { registerHarvest, timesOf } from "../support/harvest.ts";

const harvest = registerHarvest();
let scope: Scope;
beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  scope = createScope({ kind: "instance" });
});
afterEach(() => {
  vi.useRealTimers();
  harvest.reset();
});

const countsOf = (name = "dispose instance") => {
  const { attributes } = harvest.span(name);
  const count = (what: string) => attributes[`lifecycle.action.${what}_run_count`];
  return {
    covered: count("covered"),
    interrupted: count("interrupted"),
    completed: count("completed"),
    failed: count("failed"),
    other: count("other"),
    unsettled: count("unsettled"),
    result: attributes["lifecycle.action.result"],
  };
};
const start = (name: string): Run => {
  const run = startRun({ name, scope });
  void run.signal;
  return run;
};
const unwind = (run: Run) => run.fail(run.signal.reason);

describe("rule 8: the action's span ends when its function and all covered runs have ended", () => {
  test("the function first, then the runs", () => {
    const runs = ["one", "two"].map(start);
    const action = startAction({ kind: "dispose", scope });
    action.end();
    runs.forEach(unwind);
    const names = harvest.raw().map((span) => span.name);
    expect(names.slice(0, 2)).toEqual(["one", "two"]);
    expect(names.slice(2, 4).sort()).toEqual(["interrupt one", "interrupt two"]);
    expect(names.slice(4)).toEqual(["dispose instance"]);
  });

  test("the runs first, then the function", () => {
    const run = start("one");
    const action = startAction({ kind: "dispose", scope });
    unwind(run);
    expect(harvest.raw()).toHaveLength(1);
    action.end();
    expect(harvest.raw()).toHaveLength(3);
  });

  test("`settled` resolves then", async () => {
    const run = start("one");
    const action = startAction({ kind: "dispose", scope });
    let settled = false;
    const waiting = action.settled.then(() => {
      settled = true;
    });
    action.end();
    await vi.advanceTimersByTimeAsync(100);
    expect(settled).toBe(false);
    unwind(run);
    await waiting;
  });

  test("a whole action, its interrupt and its run, linked both ways", () => {
    const run = startRun({ name: "agent run", id: "r1", scope });
    void run.signal;
    const action = startAction({
      kind: "dispose_all",
      scope,
      trigger: "http",
      operation: "POST /global/dispose",
      initiator: "user",
    });
    vi.advanceTimersByTime(200);
    unwind(run);
    vi.advanceTimersByTime(50);
    action.end();
    expect(harvest.spans()).toEqual([
      {
        name: "agent run",
        parent: undefined,
        status: "UNSET",
        attributes: {
          "lifecycle.scope.kind": "instance",
          "lifecycle.run.id": "r1",
          "lifecycle.run.result": "interrupted",
          "lifecycle.close.class": "lifecycle_action",
          "lifecycle.close.confidence": "high",
          "lifecycle.close.via": "error",
          "lifecycle.close.error.type": "AbortError",
          "lifecycle.close.action.id": "dispose_all instance",
          "lifecycle.close.action.kind": "dispose_all",
          "lifecycle.close.action.trigger": "http",
          "lifecycle.close.action.trace_id": "dispose_all instance",
          "lifecycle.close.action.span_id": "dispose_all instance",
          "lifecycle.interrupt.duration": 0.2,
        },
        links: ["closed_by dispose_all instance"],
      },
      {
        name: "interrupt agent run",
        parent: "dispose_all instance",
        status: "UNSET",
        attributes: {
          "lifecycle.run.id": "r1",
          "lifecycle.interrupt.duration": 0.2,
          "lifecycle.interrupt.result": "stopped",
        },
        links: ["interrupts agent run"],
      },
      {
        name: "dispose_all instance",
        parent: undefined,
        status: "UNSET",
        attributes: {
          "lifecycle.scope.kind": "instance",
          "lifecycle.action.id": "dispose_all instance",
          "lifecycle.action.kind": "dispose_all",
          "lifecycle.action.trigger": "http",
          "lifecycle.action.operation": "POST /global/dispose",
          "lifecycle.initiator.type": "user",
          "lifecycle.action.result": "completed",
          "lifecycle.action.covered_run_count": 1,
          "lifecycle.action.interrupted_run_count": 1,
          "lifecycle.action.completed_run_count": 0,
          "lifecycle.action.failed_run_count": 0,
          "lifecycle.action.other_run_count": 0,
          "lifecycle.action.unsettled_run_count": 0,
        },
        links: ["interrupts agent run"],
      },
    ]);
  });
});

describe("rule 8: or at settleTimeoutMs", () => {
  test("the default is 10 s", () => {
    const run = start("stuck");
    withAction({ kind: "dispose", scope }, () => undefined);
    vi.advanceTimersByTime(9_999);
    expect(harvest.raw()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(countsOf()).toMatchObject({ covered: 1, unsettled: 1, result: "unsettled" });
    run.end();
  });

  test("what is unsettled then has an interrupt span and a link that say so", () => {
    const run = start("stuck");
    withAction({ kind: "dispose", scope, settleTimeoutMs: 300 }, () => undefined);
    vi.advanceTimersByTime(300);
    run.end();
    expect(harvest.span("interrupt stuck")).toEqual({
      name: "interrupt stuck",
      parent: "dispose instance",
      status: "UNSET",
      attributes: {
        "lifecycle.interrupt.duration": 0.3,
        "lifecycle.interrupt.result": "unsettled",
      },
      links: ["interrupts stuck"],
    });
    expect(harvest.span("dispose instance").links).toEqual(["interrupts stuck"]);
  });

  test("a function that does not return is unsettled too", () => {
    const action = startAction({ kind: "dispose", scope, settleTimeoutMs: 300 });
    vi.advanceTimersByTime(300);
    expect(countsOf()).toMatchObject({ covered: 0, unsettled: 0, result: "unsettled" });
    action.end();
    expect(harvest.raw()).toHaveLength(1);
  });

  test("a function that threw has failed, also where runs are unsettled", () => {
    const run = start("stuck");
    const action = startAction({ kind: "dispose", scope, settleTimeoutMs: 300 });
    action.fail(new TypeError("no"));
    vi.advanceTimersByTime(300);
    expect(countsOf()).toMatchObject({ unsettled: 1, result: "failed" });
    run.end();
  });

  test("its timer holds no process", () => {
    // One of ten minutes would: the fixture would be killed, and have no exit status.
    expect(fork("settle-timer")).toEqual({ status: 0, stderr: "", output: { open: 1 } });
  });

  test.each<[number, number]>([
    [-1, 1],
    [0, 1],
    [1, 1],
    [20_000, 20_000],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, 2 ** 31 - 1],
    [Number.POSITIVE_INFINITY, 2 ** 31 - 1],
    [Number.NaN, 10_000],
  ])("settleTimeoutMs %d counts as %d ms", (settleTimeoutMs, used) => {
    const before = lifecycleSnapshot().bounded["action settleTimeoutMs"] ?? 0;
    const run = start("stuck");
    withAction({ kind: "dispose", scope, settleTimeoutMs }, () => undefined);
    vi.advanceTimersByTime(used - 1);
    expect(harvest.raw()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(harvest.named("dispose")).toHaveLength(1);
    run.end();
    const after = lifecycleSnapshot().bounded["action settleTimeoutMs"] ?? 0;
    expect(after - before).toBe(settleTimeoutMs === used ? 0 : 1);
  });
});

describe("rule 8: the counts add up", () => {
  test("covered = interrupted + completed + failed + other + unsettled", () => {
    const [interrupted, completed, failed, other, unsettled] = [
      start("interrupted"),
      start("completed"),
      startRun({ name: "failed", scope, timeoutMs: 100 }),
      start("other"),
      start("unsettled"),
    ];
    other.cancel();
    vi.advanceTimersByTime(100);
    withAction({ kind: "dispose", scope }, () => undefined);
    unwind(interrupted);
    completed.complete();
    completed.end();
    failed.fail(new Error("late"));
    unwind(other);
    vi.advanceTimersByTime(10_000);
    unsettled.end();
    expect(countsOf()).toEqual({
      covered: 5,
      interrupted: 1,
      completed: 1,
      failed: 1,
      other: 1,
      unsettled: 1,
      result: "unsettled",
    });
  });

  test("of two actions on one scope the earlier counts a run as interrupted, the later as other", () => {
    const run = start("agent run");
    const first = startAction({ kind: "dispose", scope });
    const second = startAction({ kind: "reload", scope });
    unwind(run);
    for (const action of [second, first]) action.end();
    expect(countsOf()).toMatchObject({ covered: 1, interrupted: 1, other: 0 });
    expect(countsOf("reload instance")).toMatchObject({ covered: 1, interrupted: 0, other: 1 });
  });

  test("a run that the action's code aborts in another scope is counted with its own", () => {
    const controller = new AbortController();
    const elsewhere = createScope({ kind: "directory" });
    const run = startRun({ name: "stream", scope: elsewhere, signal: controller.signal });
    withAction({ kind: "dispose", scope }, () => {
      controller.abort();
      unwind(run);
    });
    expect(countsOf()).toMatchObject({ covered: 1, interrupted: 1, unsettled: 0 });
    expect(harvest.span("dispose instance").links).toEqual(["interrupts stream"]);
    expect(harvest.span("stream").links).toEqual(["closed_by dispose instance"]);
  });

  test("a run inside a run is counted once, also where its scope is another one", () => {
    const outer = start("outer");
    const inner = outer.with(() =>
      startRun({ name: "inner", scope: createScope({ kind: "directory" }) }),
    );
    void inner.signal;
    withAction({ kind: "dispose", scope, settleTimeoutMs: 10 }, () => undefined);
    vi.advanceTimersByTime(10);
    expect(countsOf()).toMatchObject({ covered: 2, unsettled: 2 });
    expect(
      harvest
        .named("interrupt ")
        .map((span) => span.name)
        .sort(),
    ).toEqual(["interrupt inner", "interrupt outer"]);
    for (const run of [inner, outer]) run.end();
  });
});

describe("rule 8: interrupt spans have explicit times on one clock, within the action's", () => {
  test("from being asked until it stopped", () => {
    const run = start("agent run");
    vi.advanceTimersByTime(1_000);
    const action = startAction({ kind: "dispose", scope });
    vi.advanceTimersByTime(200);
    unwind(run);
    vi.advanceTimersByTime(300);
    action.end();
    const asked = 1_700_000_001_000;
    expect(timesOf(harvest.rawSpan("interrupt agent run"))).toEqual([asked, asked + 200]);
  });

  test.each<[string, number, number]>([
    ["an hour ago", -3_600_000, 0],
    ["51 ms ago", -51, 0],
    ["49 ms ago, which is a clock of its own", -49, -49],
    ["in 49 ms, which is a clock of its own", 49, 49],
    ["in 51 ms", 51, 0],
    ["in an hour", 3_600_000, 0],
  ])("also where the application says that the action began %s", (_when, given, off) => {
    const run = start("agent run");
    const asked = 1_700_000_000_000;
    const action = startAction({
      kind: "dispose",
      scope,
      spanOptions: { startTime: asked + given },
    });
    vi.advanceTimersByTime(200);
    unwind(run);
    action.end();
    const [begin, end] = timesOf(harvest.rawSpan("interrupt agent run"));
    expect(begin).toBeCloseTo(asked + off, 2);
    expect(end).toBeCloseTo(asked + off + 200, 2);
  });

  test.each(["signal", "record"] as const)(
    "in real time, and of an action that has to %s, they lie within the action's",
    async (interrupt) => {
      vi.useRealTimers();
      const runs = Array.from({ length: 50 }, (_, index) => start(`run ${index}`));
      const action = startAction({ kind: "dispose", scope, interrupt });
      await action.asked;
      for (const run of runs) run.fail(new Error("torn"));
      action.end();
      await action.settled;
      const [begin, end] = timesOf(harvest.rawSpan("dispose instance"));
      const interrupts = harvest.raw().filter(({ name }) => name.startsWith("interrupt "));
      expect(interrupts).toHaveLength(50);
      for (const [from, to] of interrupts.map(timesOf)) {
        expect(from).toBeGreaterThanOrEqual(begin);
        expect(to).toBeGreaterThanOrEqual(from);
        expect(to).toBeLessThanOrEqual(end);
      }
    },
  );
});

describe("rule 8: the unsettled first, then the last 1,000 to stop", () => {
  const close = async (stopped: number, stuck = 0) => {
    // The turns are real, the settle timeout is not.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const stuckRuns = Array.from({ length: stuck }, (_, index) => start(`stuck ${index}`));
    const runs = Array.from({ length: stopped }, (_, index) => start(`run ${index}`));
    const action = startAction({ kind: "dispose", scope });
    await action.asked;
    for (const run of runs) unwind(run);
    action.end();
    vi.advanceTimersByTime(10_000);
    await action.settled;
    for (const run of stuckRuns) run.end();
    return harvest.named("interrupt ").map((span) => span.name.replace("interrupt ", ""));
  };

  test("1,000 stopped runs have an interrupt span each", async () => {
    expect(await close(1_000)).toHaveLength(1_000);
    expect(countsOf()).toMatchObject({ covered: 1_000, interrupted: 1_000 });
  });

  test("of 1,001 the first to stop has none, and is in the count", async () => {
    const names = new Set(await close(1_001));
    expect(names.size).toBe(1_000);
    expect([names.has("run 0"), names.has("run 1000")]).toEqual([false, true]);
    expect(countsOf()).toMatchObject({ covered: 1_001, interrupted: 1_001 });
  });

  test("of 1,003 the last 1,000 have one each, in the order in which they stopped", async () => {
    const last = Array.from({ length: 1_000 }, (_, index) => `run ${index + 3}`);
    expect(await close(1_003)).toEqual(last);
  });

  test.each([1_000, 1_001])(
    "%d that are unsettled have 1,000, and what stopped has none",
    async (stuck) => {
      const names = new Set(await close(1, stuck));
      expect([names.size, names.has("run 0")]).toEqual([1_000, false]);
      expect(countsOf()).toMatchObject({ covered: stuck + 1, interrupted: 1, unsettled: stuck });
    },
  );

  test("what is unsettled takes the place of the first to stop, never of the last", async () => {
    const names = await close(1_000, 2);
    expect(names.slice(0, 2).sort()).toEqual(["stuck 0", "stuck 1"]);
    expect(names).toContain("run 999");
    expect(names).toContain("run 998");
  });

  test("the action's span links to 100 runs, and to no more of 101", async () => {
    await close(100);
    expect(harvest.span("dispose instance").links).toHaveLength(100);
    harvest.reset();
    await close(101);
    expect(harvest.span("dispose instance").links).toHaveLength(100);
  });

  test("it links to the first runs that stopped", async () => {
    await close(101);
    const { links } = harvest.span("dispose instance");
    expect([links.includes("interrupts run 0"), links.includes("interrupts run 100")]).toEqual([
      true,
      false,
    ]);
  });
});
