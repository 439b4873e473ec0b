import { setTimeout } from "node:timers/promises";
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import {
  createScope,
  lifecycleSnapshot,
  type Scope,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deferred } from "../support/deferred.ts";
import { fork } from "../support/fork.ts";
import { registerHarvest } from "../support/harvest.ts";
import { holdEventLoop } from "../support/hold-event-loop.ts";
import { plainClose, verdictOf } from "../support/plain-close.ts";
import { untilAsked } from "../support/unwinding.ts";

const harvest = registerHarvest();
let scope: Scope;
beforeEach(() => {
  scope = createScope({ kind: "instance" });
});
afterEach(() => {
  vi.useRealTimers();
  harvest.reset();
});

const abortError = () => new DOMException("stopped", "AbortError");

describe("rule 2: covering is one synchronous step and the moment of initiation", () => {
  test("a run that is not asked yet is covered already", async () => {
    const runs = Array.from({ length: 5_000 }, () => startRun({ name: "agent run", scope }));
    for (const run of runs) void run.signal;
    const action = startAction({ kind: "dispose", scope });
    const waiting = runs.filter((run) => !run.signal.aborted);
    expect(waiting.length).toBeGreaterThan(0);
    for (const run of waiting) run.fail(new Error("unwound by itself"));
    expect(new Set(waiting.map(verdictOf))).toEqual(new Set(["lifecycle_action dispose medium"]));
    for (const run of runs) run.end();
    action.end();
    await action.settled;
  });

  test("a run of a scope below is covered", () => {
    const below = createScope({
      kind: "directory",
      parent: createScope({ kind: "instance", parent: scope }),
    });
    const run = startRun({ name: "agent run", scope: below });
    const action = startAction({ kind: "dispose_all", scope });
    run.fail(new Error("torn"));
    action.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose_all medium");
  });

  test("a run of the scope above, or of the one beside, is not", () => {
    const store = createScope({ kind: "instance_store" });
    const [one, other] = [1, 2].map(() => createScope({ kind: "instance", parent: store }));
    const above = startRun({ name: "above", scope: store });
    const beside = startRun({ name: "beside", ...(other && { scope: other }) });
    const action = startAction({ kind: "dispose", scope: one ?? store });
    for (const run of [above, beside]) run.fail(new Error("of its own"));
    action.end();
    expect([above, beside].map(verdictOf)).toEqual(["error high", "error high"]);
  });
});

describe("rule 2: the smallest number among the run's cell and its covers closes it", () => {
  test("the cover on the scope above wins over a later one on the scope itself", () => {
    const instance = createScope({ kind: "instance", parent: scope });
    const run = startRun({ name: "agent run", scope: instance });
    const outer = startAction({ kind: "dispose_all", scope });
    const inner = startAction({ kind: "dispose", scope: instance });
    run.fail(new Error("torn"));
    for (const action of [inner, outer]) action.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose_all medium");
  });

  test("the cover on the scope itself wins over a later one on the scope above", () => {
    const instance = createScope({ kind: "instance", parent: scope });
    const run = startRun({ name: "agent run", scope: instance });
    const inner = startAction({ kind: "dispose", scope: instance });
    const outer = startAction({ kind: "dispose_all", scope });
    run.fail(new Error("torn"));
    for (const action of [inner, outer]) action.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose medium");
  });

  test("a run that is asked by a later action first is the earlier one's all the same", async () => {
    const instance = createScope({ kind: "instance", parent: scope });
    const target = startRun({ name: "target", scope: instance });
    const crowd = Array.from({ length: 5_000 }, () =>
      startRun({ name: "agent run", scope: instance }),
    );
    for (const run of [target, ...crowd]) void run.signal;
    const all = startAction({ kind: "dispose_all", scope });
    const one = startAction({ kind: "dispose", scope: instance });
    const last = [target, ...crowd].filter((run) => !run.signal.aborted);
    expect(last.length).toBeGreaterThan(0);
    for (const run of [target, ...crowd]) run.fail(new Error("torn"));
    for (const action of [one, all]) action.end();
    await Promise.all([one.settled, all.settled]);
    expect(new Set(crowd.map(verdictOf))).toEqual(new Set(["lifecycle_action dispose_all medium"]));
  });

  test("a deadline that was due before the cover counts, though its timer fires after it", () => {
    const run = startRun({ name: "agent run", scope, timeoutMs: 5 });
    holdEventLoop(10);
    const action = startAction({ kind: "dispose", scope });
    run.fail(abortError());
    action.end();
    expect(plainClose(run)).toEqual({
      type: "timeout",
      confidence: "high",
      via: "deadline",
      errorType: "AbortError",
    });
  });

  test("the same when the timer fires before the run ends", async () => {
    const run = startRun({ name: "agent run", scope, timeoutMs: 5 });
    // Timers of one duration fire in order, so the deadline's has when this one does.
    const firing = setTimeout(5);
    holdEventLoop(10);
    const action = startAction({ kind: "dispose", scope });
    await firing;
    run.fail(abortError());
    action.end();
    expect(verdictOf(run)).toBe("timeout high");
  });

  test("a deadline of the run around it counts for a run inside it too", () => {
    const outer = startRun({ name: "outer", scope, timeoutMs: 5 });
    const inner = outer.with(() => startRun({ name: "inner" }));
    holdEventLoop(10);
    const action = startAction({ kind: "dispose", scope });
    inner.fail(abortError());
    outer.fail(abortError());
    action.end();
    expect([inner, outer].map(verdictOf)).toEqual(["timeout high", "timeout high"]);
  });

  test("a deadline that is due after the cover is evidence only", () => {
    vi.useFakeTimers();
    const run = startRun({ name: "agent run", scope, timeoutMs: 5 });
    const action = startAction({ kind: "dispose", scope });
    vi.advanceTimersByTime(10);
    run.fail(abortError());
    action.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose medium");
  });

  test("the record on the scope goes once all are asked and the function has settled", async () => {
    const { promise, resolve } = deferred();
    const survivor = startRun({ name: "survivor", scope });
    const acting = withAction({ kind: "dispose", scope }, () => promise);
    const during = startRun({ name: "during", scope });
    expect(during.signal.aborted).toBe(true);
    resolve();
    await acting;
    const after = startRun({ name: "after", scope });
    expect(after.signal.aborted).toBe(false);
    after.fail(new Error("torn"));
    expect(verdictOf(after)).toBe("error high");
    for (const run of [during, survivor]) run.end();
  });
});

describe("rule 3: a cover lapses", () => {
  test("a recording one when its function settles", () => {
    const run = startRun({ name: "agent run", scope });
    withAction({ kind: "reload", scope, interrupt: "record" }, () => undefined);
    run.fail(abortError());
    expect(plainClose(run)).toEqual({
      type: "unknown_scope_close",
      confidence: "low",
      via: "error",
      missing: ["lifecycle.close_requested"],
      errorType: "AbortError",
    });
  });

  test("not before: what fails in a recording action is its", async () => {
    const { promise, resolve } = deferred();
    const run = startRun({ name: "agent run", scope });
    const acting = withAction({ kind: "reload", scope, interrupt: "record" }, () => promise);
    run.fail(abortError());
    resolve();
    await acting;
    expect(verdictOf(run)).toBe("lifecycle_action reload medium");
  });

  test("a signalling one when the action's span ends: a run that fails an hour later is not its", () => {
    vi.useFakeTimers();
    const run = startRun({ name: "agent run", scope });
    void run.signal;
    withAction({ kind: "reload", scope }, () => undefined);
    vi.advanceTimersByTime(9_999);
    expect(harvest.raw()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(harvest.span("reload instance").attributes["lifecycle.action.result"]).toBe("unsettled");
    vi.advanceTimersByTime(3_600_000);
    run.fail(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
    expect(plainClose(run)).toEqual({
      type: "upstream_disconnect",
      confidence: "high",
      via: "error",
      errorType: "ECONNRESET",
    });
  });

  test("not before: a run that fails while the action's span is open is its", () => {
    vi.useFakeTimers();
    const run = startRun({ name: "agent run", scope });
    withAction({ kind: "reload", scope }, () => undefined);
    vi.advanceTimersByTime(9_999);
    run.fail(new Error("torn"));
    expect(verdictOf(run)).toBe("lifecycle_action reload medium");
  });

  test("unless the terminal error carries its reason", () => {
    vi.useFakeTimers();
    const run = startRun({ name: "agent run", scope });
    const { signal } = run;
    withAction({ kind: "reload", scope }, () => undefined);
    vi.advanceTimersByTime(3_600_000);
    run.fail(new Error("gave up", { cause: signal.reason }));
    expect(plainClose(run)).toEqual({
      type: "lifecycle_action",
      action: "reload",
      confidence: "high",
      via: "error",
      errorType: "Error",
    });
  });

  test("a run that never looked at its signal and is aborted an hour later is nobody's", () => {
    vi.useFakeTimers();
    const run = startRun({ name: "agent run", scope });
    withAction({ kind: "reload", scope }, () => undefined);
    vi.advanceTimersByTime(3_600_000);
    run.fail(abortError());
    expect(verdictOf(run)).toBe("unknown_scope_close low");
  });

  test("a run that outlives it and returns has completed", () => {
    vi.useFakeTimers();
    const run = startRun({ name: "agent run", scope });
    void run.signal;
    withAction({ kind: "reload", scope }, () => undefined);
    vi.advanceTimersByTime(3_600_000);
    run.end();
    expect(verdictOf(run)).toBe("completed");
  });
});

describe("rule 4: a scope is closing until the action's function settles", () => {
  test("a run that begins meanwhile is asked at once and counted, neither refused nor delayed", async () => {
    const { promise, resolve } = deferred();
    const acting = withAction({ kind: "dispose", scope }, () => promise);
    const { run, ended } = untilAsked({ name: "latecomer", scope });
    await ended;
    resolve();
    await acting;
    expect(plainClose(run)).toEqual({
      type: "lifecycle_action",
      action: "dispose",
      confidence: "high",
      via: "error",
      errorType: "AbortError",
    });
    expect(harvest.span("dispose instance").attributes).toMatchObject({
      "lifecycle.action.covered_run_count": 1,
      "lifecycle.action.interrupted_run_count": 1,
    });
  });

  test("its delay counts from its own beginning", () => {
    vi.useFakeTimers();
    const action = startAction({ kind: "dispose", scope });
    vi.advanceTimersByTime(5_000);
    const run = startRun({ name: "latecomer", scope });
    void run.signal;
    vi.advanceTimersByTime(250);
    run.end();
    action.end();
    expect(harvest.span("latecomer").attributes["lifecycle.interrupt.duration"]).toBe(0.25);
    expect(harvest.span("interrupt latecomer").attributes["lifecycle.interrupt.duration"]).toBe(
      0.25,
    );
  });

  test("also under an action that only records", () => {
    vi.useFakeTimers();
    const action = startAction({ kind: "reload", scope, interrupt: "record" });
    vi.advanceTimersByTime(5_000);
    const run = startRun({ name: "latecomer", scope });
    vi.advanceTimersByTime(250);
    run.fail(abortError());
    action.end();
    expect(verdictOf(run)).toBe("lifecycle_action reload medium");
    expect(harvest.span("interrupt latecomer").attributes["lifecycle.interrupt.duration"]).toBe(
      0.25,
    );
  });

  test("of two actions that are closing it, the earlier asks and closes it", () => {
    vi.useFakeTimers();
    const instance = createScope({ kind: "instance", parent: scope });
    const all = startAction({ kind: "dispose_all", scope });
    const one = startAction({ kind: "dispose", scope: instance });
    vi.advanceTimersByTime(5_000);
    const run = startRun({ name: "latecomer", scope: instance });
    const { signal } = run;
    vi.advanceTimersByTime(250);
    run.fail(signal.reason);
    for (const action of [one, all]) action.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose_all high");
    expect(harvest.span("interrupt latecomer")).toMatchObject({
      parent: "dispose_all instance",
      attributes: { "lifecycle.interrupt.duration": 0.25 },
    });
  });

  test("a run that the action itself starts is not covered", async () => {
    await withAction({ kind: "reload", scope }, async () => {
      const run = startRun({ name: "new instance", scope });
      expect(run.signal.aborted).toBe(false);
      run.fail(new Error("does not compile"));
      expect(verdictOf(run)).toBe("error high");
    });
    expect(harvest.span("reload instance").attributes["lifecycle.action.covered_run_count"]).toBe(
      0,
    );
  });

  test("nor one that an action inside it starts", async () => {
    await withAction({ kind: "dispose_all", scope }, () =>
      withAction({ kind: "reload", scope }, async () => {
        const run = startRun({ name: "new instance", scope });
        expect(run.signal.aborted).toBe(false);
        run.end();
        expect(verdictOf(run)).toBe("completed");
      }),
    );
  });

  test("nor one that it starts at the root context by `detach`", async () => {
    await withAction({ kind: "reload", scope }, async (action) => {
      const run = action.detach(() => startRun({ name: "watcher", scope }));
      expect(run.signal.aborted).toBe(false);
      run.end();
      expect(verdictOf(run)).toBe("completed");
    });
  });

  test("nor one that an action which it starts by `detach` starts", () => {
    withAction({ kind: "reload", scope }, (action) =>
      action.detach(() =>
        withAction({ kind: "warm_up", scope: createScope({ kind: "cache" }) }, () => {
          const run = startRun({ name: "watcher", scope });
          expect(run.signal.aborted).toBe(false);
          run.end();
        }),
      ),
    );
  });

  test("one that somebody else starts at the root context meanwhile is", async () => {
    await withAction({ kind: "reload", scope }, async () => {
      const run = context.with(ROOT_CONTEXT, () => startRun({ name: "request", scope }));
      expect(run.signal.aborted).toBe(true);
      run.end();
    });
  });

  test("under a shutdown the scope is closing until the exit", () => {
    expect(fork("shutdown-closes-until-exit")).toEqual({
      status: 0,
      stderr: "",
      output: { aborted: true, close: "lifecycle_action" },
    });
  });
});

describe("rules 3 and 4: a shutdown's cover never lapses", () => {
  test("once its span has ended, what fails, returns or begins is the shutdown's still", () => {
    expect(fork("shutdown-never-lapses")).toEqual({
      status: 0,
      stderr: "",
      output: {
        asked: [true, true],
        types: ["lifecycle_action", "lifecycle_action", "lifecycle_action"],
      },
    });
  });
});

test("no cover is left behind", () => {
  expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 });
});
