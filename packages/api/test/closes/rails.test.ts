import { setTimeout } from "node:timers/promises";
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import {
  createScope,
  type Run,
  type RunOptions,
  type Scope,
  startAction,
  startRun,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deferred } from "../support/deferred.ts";
import { registerHarvest } from "../support/harvest.ts";
import { plainClose, verdictOf } from "../support/plain-close.ts";
import { untilAborted, workUntilAsked } from "../support/unwinding.ts";

const harvest = registerHarvest();
let scope: Scope;
let elsewhere: Scope;
beforeEach(() => {
  scope = createScope({ kind: "instance" });
  elsewhere = createScope({ kind: "directory" });
});
afterEach(() => {
  vi.useRealTimers();
  harvest.reset();
});

const bareAbort = () => new DOMException("stopped", "AbortError");

/** Work that ends as it likes once it is asked, and an action that asks it. */
async function disposedWhile(
  work: (run: Run) => Promise<unknown>,
  options: Partial<RunOptions> = {},
): Promise<Run> {
  let started: Run | undefined;
  const working = withRun({ name: "agent run", scope, ...options }, (run) => {
    started = run;
    return work(run);
  }).catch(() => undefined);
  await withAction({ kind: "dispose", scope }, () => working);
  if (started === undefined) throw new Error("the run did not start");
  return started;
}

describe("rule 13: the proof survives each rail being cut", () => {
  test("AbortSignal.any in between", async () => {
    const other = new AbortController();
    const run = await disposedWhile((own) =>
      untilAborted(AbortSignal.any([own.signal, other.signal])),
    );
    expect(verdictOf(run)).toBe("lifecycle_action dispose high");
  });

  test("a bare AbortError instead of the reason", async () => {
    const run = await disposedWhile(async (own) => {
      await untilAborted(own.signal).catch(() => undefined);
      throw bareAbort();
    });
    expect(plainClose(run)).toEqual({
      type: "lifecycle_action",
      action: "dispose",
      confidence: "medium",
      via: "registry",
      errorType: "AbortError",
    });
  });

  test("the reason wrapped as a cause, as timers/promises does", async () => {
    const run = await disposedWhile((own) => setTimeout(60_000, undefined, { signal: own.signal }));
    expect(verdictOf(run)).toBe("lifecycle_action dispose high");
  });

  test("an async context that was lost: the run is ended at the root", async () => {
    const run = startRun({ name: "agent run", scope });
    void run.signal;
    const action = startAction({ kind: "dispose", scope });
    context.with(ROOT_CONTEXT, () => run.fail(bareAbort()));
    action.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose medium");
  });

  test("an abort that is swallowed: the run returns", async () => {
    const run = await disposedWhile((own) => untilAborted(own.signal).catch(() => "partial text"));
    expect(verdictOf(run)).toBe("lifecycle_action dispose low");
  });

  test("the cover, where it lapsed: the reason of the run's signal is the proof", () => {
    vi.useFakeTimers();
    const run = startRun({ name: "agent run", scope });
    void run.signal;
    withAction({ kind: "dispose", scope }, () => undefined);
    vi.advanceTimersByTime(60_000);
    run.fail(bareAbort());
    expect(verdictOf(run)).toBe("lifecycle_action dispose medium");
  });

  test("the registry: a run of another scope that was given the run's signal", async () => {
    const inner = deferred<Run>();
    await disposedWhile(async (own) => {
      const sub = withRun({ name: "sub", scope: elsewhere, signal: own.signal }, (run) => {
        inner.resolve(run);
        return untilAborted(run.signal);
      });
      await sub;
    });
    expect(verdictOf(await inner.promise)).toMatch(/^lifecycle_action dispose (high|medium)$/);
  });

  test("and the run around it: one that was given another run's signal, and is nobody's child", () => {
    const owner = startRun({ name: "owner", scope });
    const run = startRun({ name: "agent run", scope: elsewhere, signal: owner.signal });
    void run.signal;
    const action = startAction({ kind: "dispose", scope });
    run.fail(bareAbort());
    owner.end();
    action.end();
    expect(plainClose(run)).toEqual({
      type: "lifecycle_action",
      action: "dispose",
      confidence: "medium",
      via: "signal_reason",
      errorType: "AbortError",
    });
  });
});

describe("rule 13: an application's own controller", () => {
  test("aborted inside an action is the action's, by the context in which it fired", () => {
    const controller = new AbortController();
    const run = startRun({ name: "agent run", scope: elsewhere, signal: controller.signal });
    const { signal } = run;
    withAction({ kind: "dispose", scope }, () => controller.abort());
    context.with(ROOT_CONTEXT, () => run.fail(signal.reason));
    expect(plainClose(run)).toEqual({
      type: "lifecycle_action",
      action: "dispose",
      confidence: "medium",
      via: "context",
      errorType: "AbortError",
    });
    expect(harvest.span("agent run").links).toEqual(["closed_by dispose instance"]);
  });

  test("aborted after an await inside an action is too", async () => {
    const controller = new AbortController();
    const run = startRun({ name: "agent run", scope: elsewhere, signal: controller.signal });
    void run.signal;
    await withAction({ kind: "dispose", scope }, async () => {
      await setTimeout(1);
      controller.abort();
    });
    run.fail(bareAbort());
    expect(verdictOf(run)).toBe("lifecycle_action dispose medium");
  });

  test("aborted by a listener of a run that the action asks is too", () => {
    const owner = startRun({ name: "owner", scope });
    const controller = new AbortController();
    owner.signal.addEventListener("abort", () => controller.abort());
    const run = startRun({ name: "agent run", scope: elsewhere, signal: controller.signal });
    void run.signal;
    withAction({ kind: "dispose", scope }, () => undefined);
    run.fail(bareAbort());
    owner.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose medium");
  });

  test("aborted so is too, though the run was asked in a later turn, its action's code done", async () => {
    const owners = Array.from({ length: 3_000 }, () => startRun({ name: "owner", scope }));
    const runs = owners.map((owner) => {
      const controller = new AbortController();
      owner.signal.addEventListener("abort", () => controller.abort());
      return startRun({ name: "agent run", scope: elsewhere, signal: controller.signal });
    });
    for (const run of runs) void run.signal;
    const action = startAction({ kind: "dispose", scope });
    action.end();
    await action.asked;
    for (const run of runs) run.fail(bareAbort());
    for (const owner of owners) owner.end();
    await action.settled;
    expect(new Set(runs.map(verdictOf))).toEqual(new Set(["lifecycle_action dispose medium"]));
  });

  test("aborted there is not, where the run began there as well", () => {
    withAction({ kind: "dispose", scope }, () => {
      const controller = new AbortController();
      const run = startRun({ name: "agent run", scope: elsewhere, signal: controller.signal });
      const { signal } = run;
      controller.abort();
      run.fail(signal.reason);
      expect(plainClose(run)).toEqual({
        type: "unknown_scope_close",
        confidence: "low",
        via: "signal_reason",
        missing: ["lifecycle.close_requested"],
        errorType: "AbortError",
      });
    });
  });

  test("aborted outside every action is nobody's", () => {
    const controller = new AbortController();
    const run = startRun({ name: "agent run", scope, signal: controller.signal });
    void run.signal;
    controller.abort();
    run.fail(run.signal.reason);
    expect(plainClose(run)).toEqual({
      type: "unknown_scope_close",
      confidence: "low",
      via: "signal_reason",
      missing: ["lifecycle.close_requested"],
      errorType: "AbortError",
    });
  });

  test("aborted after the action's function has settled is nobody's", async () => {
    const controller = new AbortController();
    const run = startRun({ name: "agent run", scope: elsewhere, signal: controller.signal });
    void run.signal;
    const aborted = deferred();
    withAction({ kind: "reload", scope }, () => {
      void setTimeout(1).then(() => {
        controller.abort();
        aborted.resolve();
      });
    });
    await aborted.promise;
    run.fail(bareAbort());
    expect(verdictOf(run)).toBe("unknown_scope_close low");
  });
});

describe("rule 13: the context at the end", () => {
  test("a run begun outside and ended by an abort in an action's code is the action's", () => {
    const run = startRun({ name: "agent run", scope: elsewhere });
    withAction({ kind: "dispose", scope }, () => run.fail(bareAbort()));
    expect(plainClose(run)).toEqual({
      type: "lifecycle_action",
      action: "dispose",
      confidence: "medium",
      via: "context",
      errorType: "AbortError",
    });
  });

  test("one that fails there by itself is not", () => {
    const run = startRun({ name: "agent run", scope: elsewhere });
    withAction({ kind: "dispose", scope }, () => run.fail(new TypeError("no")));
    expect(verdictOf(run)).toBe("error high");
  });

  test("one that returns there is not", () => {
    const run = startRun({ name: "agent run", scope: elsewhere });
    void run.signal;
    withAction({ kind: "dispose", scope }, () => run.end());
    expect(verdictOf(run)).toBe("completed");
  });

  test("one that began there is not", () => {
    withAction({ kind: "dispose", scope }, () => {
      const run = startRun({ name: "agent run", scope: elsewhere });
      run.fail(bareAbort());
      expect(verdictOf(run)).toBe("unknown_scope_close low");
    });
  });
});

describe("nothing is blamed that should not be", () => {
  test("a fetch timeout of the action's own code is the code's, and no run's", async () => {
    const run = startRun({ name: "agent run", scope });
    const acting = withAction({ kind: "reload", scope, interrupt: "record" }, () =>
      untilAborted(AbortSignal.timeout(1)),
    );
    await expect(acting).rejects.toMatchObject({ name: "TimeoutError" });
    run.end();
    expect(verdictOf(run)).toBe("completed");
    expect(harvest.span("reload instance")).toMatchObject({
      status: "ERROR",
      attributes: { "lifecycle.action.result": "failed", "error.type": "TimeoutError" },
    });
  });

  test("a fetch timeout of a run that the action's code began is a timeout", async () => {
    await withAction({ kind: "reload", scope }, async () => {
      const working = withRun({ name: "warm up", scope }, () =>
        untilAborted(AbortSignal.timeout(1)),
      );
      await expect(working).rejects.toMatchObject({ name: "TimeoutError" });
    });
    expect(harvest.span("warm up").attributes).toMatchObject({
      "lifecycle.close.class": "timeout",
    });
  });

  test("a run that survived a recording action and failed later has failed by itself", async () => {
    const failing = deferred();
    const working = withRun({ name: "agent run", scope }, async () => failing.promise);
    await withAction({ kind: "reload", scope, interrupt: "record" }, async () => undefined);
    failing.reject(new TypeError("no"));
    await expect(working).rejects.toThrow("no");
    expect(harvest.span("agent run")).toMatchObject({
      status: "ERROR",
      attributes: { "lifecycle.close.class": "error" },
      links: [],
    });
  });

  test("a run that the reload itself started, also through detach", async () => {
    const runs = await withAction({ kind: "reload", scope }, async (action) => [
      startRun({ name: "started", scope }),
      action.detach(() => startRun({ name: "detached", scope })),
    ]);
    for (const run of runs) {
      expect(run.signal.aborted).toBe(false);
      run.fail(bareAbort());
    }
    expect(runs.map(verdictOf)).toEqual(["unknown_scope_close low", "unknown_scope_close low"]);
  });

  test("a run that the reload itself started inside a run that the reload stops", () => {
    const outer = startRun({ name: "outer", scope });
    const action = outer.with(() => startAction({ kind: "reload", scope }));
    const run = action.with(() => startRun({ name: "started" }));
    action.end();
    expect([outer.signal.aborted, run.signal.aborted]).toEqual([true, false]);
    run.end();
    outer.end();
    expect(verdictOf(run)).toBe("completed");
  });

  test("a run that began after the action was over", async () => {
    await withAction({ kind: "dispose", scope }, async () => undefined);
    const working = workUntilAsked({ name: "agent run", scope, signal: AbortSignal.abort() });
    await expect(working).rejects.toMatchObject({ name: "AbortError" });
    expect(harvest.span("agent run").attributes).toMatchObject({
      "lifecycle.close.class": "unknown_scope_close",
    });
  });
});
