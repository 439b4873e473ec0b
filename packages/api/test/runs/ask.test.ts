import { trace } from "@opentelemetry/api";
import {
  type Action,
  createScope,
  currentAction,
  currentRun,
  type Run,
  type Scope,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fork } from "../support/fork.ts";
import { registerHarvest } from "../support/harvest.ts";
import { plainClose, verdictOf } from "../support/plain-close.ts";

const harvest = registerHarvest();
let scope: Scope;
beforeEach(() => {
  scope = createScope({ kind: "instance" });
});
afterEach(() => {
  vi.useRealTimers();
  harvest.reset();
});

/** Too many runs to be asked in one turn, and what their listeners see. */
function crowd() {
  const runs = Array.from({ length: 3_000 }, () => startRun({ name: "agent run", scope }));
  const found = new Set<unknown>();
  for (const run of runs) {
    run.signal.addEventListener("abort", () => found.add(currentRun() === run && currentAction()));
  }
  return { found, runs };
}

async function over(action: Action, runs: readonly Run[]): Promise<void> {
  for (const run of runs) run.end();
  action.end();
  await action.settled;
}

const seen = () => ({ run: currentRun(), action: currentAction() });

describe("rule 6: a run's signal is aborted in the run's own context with the action in it", () => {
  test("a listener sees its own run and the action", () => {
    const runs = ["one", "two"].map((name) => startRun({ name, scope }));
    const heard = runs.map((run) => {
      const found: ReturnType<typeof seen>[] = [];
      run.signal.addEventListener("abort", () => found.push(seen()));
      return found;
    });
    withAction({ kind: "dispose", scope }, (action) => {
      expect(heard).toEqual(runs.map((run) => [{ run, action }]));
    });
    for (const run of runs) run.end();
  });

  test("a span that a listener makes is a child of the run", () => {
    const run = startRun({ name: "agent run", scope });
    run.signal.addEventListener("abort", () => trace.getTracer("app").startSpan("undo").end());
    withAction({ kind: "dispose", scope }, () => undefined);
    run.end();
    expect(harvest.span("undo")).toMatchObject({ parent: "agent run", attributes: {} });
  });

  test("a run that a listener begins is inside its run, and the action does not stop it", () => {
    const run = startRun({ name: "agent run", scope });
    let undo: Run | undefined;
    run.signal.addEventListener("abort", () => {
      undo = startRun({ name: "undo" });
    });
    withAction({ kind: "dispose", scope }, () => expect(undo?.signal.aborted).toBe(false));
    for (const one of [undo, run]) one?.end();
    expect(undo && verdictOf(undo)).toBe("completed");
  });

  test("so does one of a run that is asked in a later turn", async () => {
    const { found, runs } = crowd();
    const action = startAction({ kind: "dispose", scope });
    await action.asked;
    await over(action, runs);
    expect(found).toEqual(new Set([action]));
  });

  test("also if the action's code is done by then", async () => {
    const { found, runs } = crowd();
    const action = startAction({ kind: "dispose", scope });
    action.end();
    await action.asked;
    await over(action, runs);
    expect(found).toEqual(new Set([action]));
  });

  test("also of the run in whose code the action was started, which is asked last", async () => {
    const host = startRun({ name: "host", scope });
    const found: ReturnType<typeof seen>[] = [];
    host.signal.addEventListener("abort", () => found.push(seen()));
    const other = startRun({ name: "other", scope });
    const action = host.with(() => startAction({ kind: "dispose", scope }));
    action.end();
    await over(action, [other, host]);
    expect(found).toEqual([{ run: host, action }]);
  });

  test("a listener hears of a run around it in the context of the run that it listens to", () => {
    const outer = startRun({ name: "outer", scope });
    const inner = outer.with(() => startRun({ name: "inner" }));
    let found: unknown;
    inner.signal.addEventListener("abort", () => {
      found = currentRun();
    });
    outer.cancel();
    expect(found).toBe(inner);
    for (const run of [inner, outer]) run.end();
  });
});

describe("rule 6: nothing stops the asking", () => {
  test("a listener that throws is the application's own uncaught exception, and the others are asked", () => {
    expect(fork("throwing-listener")).toEqual({
      status: 0,
      stderr: "",
      output: { uncaught: ["of the listener's own"], aborted: [true, true, true] },
    });
  });

  test("a run that ends while others are being asked is no obstacle", () => {
    const runs = Array.from({ length: 9 }, () => startRun({ name: "agent run", scope }));
    for (const run of runs) {
      run.signal.addEventListener("abort", () => {
        for (const other of runs.slice(3, 6)) other.end();
      });
    }
    withAction({ kind: "dispose", scope }, () => undefined);
    expect(runs.map((run) => run.close !== undefined || run.signal.aborted)).toEqual(
      runs.map(() => true),
    );
    for (const run of runs) run.end();
    expect(harvest.span("dispose instance").attributes).toMatchObject({
      "lifecycle.action.covered_run_count": 9,
      "lifecycle.action.unsettled_run_count": 0,
    });
  });

  test("a listener that disposes of the same scope again is no obstacle either", () => {
    const runs = Array.from({ length: 3 }, () => startRun({ name: "agent run", scope }));
    for (const run of runs) {
      run.signal.addEventListener("abort", () =>
        withAction({ kind: "dispose_directory", scope }, () => undefined),
      );
    }
    withAction({ kind: "dispose", scope }, () => undefined);
    for (const run of runs) run.fail(run.signal.reason);
    expect(runs.map((run) => plainClose(run))).toEqual(
      runs.map(() => expect.objectContaining({ type: "lifecycle_action", action: "dispose" })),
    );
  });
});

describe("rule 6: the controller is made when the signal is first read", () => {
  test("a signal that is first read after the asking is aborted already, with the reason", () => {
    const run = startRun({ name: "agent run", scope });
    const action = startAction({ kind: "dispose", scope });
    expect(run.signal.aborted).toBe(true);
    run.fail(run.signal.reason);
    action.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose high");
  });

  test("the signal is the same however often it is read", () => {
    const run = startRun({ name: "agent run", scope });
    expect(run.signal).toBe(run.signal);
    run.end();
  });

  test("it fires once, with the reason of who asked first", () => {
    const run = startRun({ name: "agent run", scope });
    const { signal } = run;
    let count = 0;
    signal.addEventListener("abort", () => {
      count += 1;
    });
    run.cancel();
    const { reason } = signal;
    const action = startAction({ kind: "dispose", scope });
    run.cancel();
    expect([count, signal.reason === reason]).toEqual([1, true]);
    run.fail(reason);
    action.end();
    expect(verdictOf(run)).toBe("user_cancel high");
  });
});

describe("rule 6: an action signals by default, and may only record", () => {
  test("the default is to signal", () => {
    const run = startRun({ name: "agent run", scope });
    withAction({ kind: "reload", scope }, () => expect(run.signal.aborted).toBe(true));
    run.end();
  });

  test("one that records asks nobody, and attributes what fails", () => {
    const run = startRun({ name: "agent run", scope });
    withAction({ kind: "reload", scope, interrupt: "record" }, () => {
      expect(run.signal.aborted).toBe(false);
      run.fail(new Error("torn"));
    });
    expect(plainClose(run)).toEqual({
      type: "lifecycle_action",
      action: "reload",
      confidence: "medium",
      via: "registry",
      errorType: "Error",
    });
    expect(harvest.span("agent run").attributes).not.toHaveProperty("lifecycle.interrupt.duration");
  });

  test("what returns under one that records has completed", () => {
    const run = startRun({ name: "agent run", scope });
    void run.signal;
    withAction({ kind: "reload", scope, interrupt: "record" }, () => run.end());
    expect(verdictOf(run)).toBe("completed");
  });
});
