import {
  createScope,
  type Run,
  type RunOptions,
  type Scope,
  startAction,
  startRun,
  userCancel,
  withAction,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { registerHarvest } from "../support/harvest.ts";
import { type PlainClose, plainClose, verdictOf } from "../support/plain-close.ts";

const harvest = registerHarvest();
let scope: Scope;
beforeEach(() => {
  scope = createScope({ kind: "instance" });
});
afterEach(() => {
  vi.useRealTimers();
  harvest.reset();
});

const start = (options: Partial<RunOptions> = {}): Run => {
  const run = startRun({ name: "agent run", scope, ...options });
  void run.signal;
  return run;
};
const error = (properties: object) => Object.assign(new Error("of its own"), properties);

describe("rule 12: a run has completed", () => {
  test("if it returned and was never asked", () => {
    const run = start();
    run.end();
    expect(plainClose(run)).toEqual({ type: "completed" });
    expect(harvest.span("agent run")).toEqual({
      name: "agent run",
      parent: undefined,
      status: "UNSET",
      attributes: { "lifecycle.scope.kind": "instance", "lifecycle.run.result": "completed" },
      links: [],
    });
  });

  test("if its signal was never read", () => {
    const run = startRun({ name: "agent run", scope });
    const action = startAction({ kind: "dispose", scope });
    run.end();
    action.end();
    expect(plainClose(run)).toEqual({ type: "completed" });
    expect(harvest.span("agent run").attributes).toEqual({
      "lifecycle.scope.kind": "instance",
      "lifecycle.run.result": "completed",
    });
    expect(harvest.span("dispose instance").attributes).toMatchObject({
      "lifecycle.action.completed_run_count": 1,
    });
  });

  test("if it called run.complete(), whatever it was asked before or after", () => {
    const runs = [start(), start()];
    runs[0]?.complete();
    const action = startAction({ kind: "dispose", scope });
    runs[1]?.complete();
    for (const run of runs) run.end();
    action.end();
    expect(runs.map(verdictOf)).toEqual(["completed", "completed"]);
    for (const span of harvest.named("agent run")) {
      expect(span.attributes).toEqual({
        "lifecycle.scope.kind": "instance",
        "lifecycle.run.result": "completed",
      });
    }
  });

  test("and stays so, though it is cancelled or its tear-down throws after run.complete()", () => {
    const run = start();
    run.complete();
    run.cancel();
    expect(run.signal.aborted).toBe(false);
    run.fail(error({}));
    expect(verdictOf(run)).toBe("completed");
    expect(harvest.span("agent run").status).toBe("UNSET");
  });
});

describe("rule 12: a run that was asked and then returned is the asker's, if not surely", () => {
  test.each<[string, Partial<RunOptions>, (run: Run) => void, PlainClose]>([
    [
      "an action",
      {},
      () => startAction({ kind: "dispose", scope }),
      { type: "lifecycle_action", action: "dispose", confidence: "low", via: "registry" },
    ],
    ["a cancel", {}, (run) => run.cancel(), { type: "user_cancel", confidence: "low", via: "api" }],
    [
      "a deadline",
      { timeoutMs: 10 },
      () => vi.advanceTimersByTime(10),
      { type: "timeout", confidence: "low", via: "deadline" },
    ],
    [
      "a signal of its own that says who",
      { signal: AbortSignal.abort(userCancel()) },
      () => undefined,
      { type: "user_cancel", confidence: "low", via: "signal_reason" },
    ],
    [
      "nobody known",
      { signal: AbortSignal.abort() },
      () => undefined,
      {
        type: "unknown_scope_close",
        confidence: "low",
        via: "signal_reason",
        missing: ["lifecycle.close_requested"],
      },
    ],
  ])("%s", (_by, options, ask, close) => {
    vi.useFakeTimers();
    const run = start(options);
    ask(run);
    run.end();
    expect(plainClose(run)).toEqual(close);
    vi.advanceTimersByTime(10_000);
  });
});

describe("rule 12: a run that ended with an error while it was covered", () => {
  const ended = (errorOf: (reason: Error) => unknown): PlainClose | undefined => {
    const run = start();
    withAction({ kind: "dispose", scope }, () => run.fail(errorOf(run.signal.reason)));
    return plainClose(run);
  };
  const by = { type: "lifecycle_action", action: "dispose" } as const;

  test("the action's reason, directly: high", () => {
    expect(ended((reason) => reason)).toEqual({
      ...by,
      confidence: "high",
      via: "error",
      errorType: "AbortError",
    });
  });

  test.each<[string, (cause: Error) => unknown, string]>([
    ["a cause", (cause) => new Error("gave up", { cause }), "Error"],
    ["a cause of a cause", (cause) => error({ code: "E_TOOL", cause: error({ cause }) }), "E_TOOL"],
    ["one of several", (cause) => new AggregateError([new Error("no"), cause]), "AggregateError"],
    [
      "a cause of one of several",
      (cause) => new AggregateError([error({ cause })]),
      "AggregateError",
    ],
    ["a property of what is no Error", (cause) => ({ cause }), "_OTHER"],
  ])(
    "the action's reason, as %s: high, with the outer error's type",
    (_where, errorOf, errorType) => {
      expect(ended(errorOf)).toEqual({ ...by, confidence: "high", via: "error", errorType });
    },
  );

  test.each<[string, unknown, string]>([
    ["an Error", new TypeError("no"), "TypeError"],
    ["a bare AbortError", new DOMException("stopped", "AbortError"), "AbortError"],
    ["a TimeoutError", new DOMException("late", "TimeoutError"), "TimeoutError"],
    ["a lost connection", error({ code: "ECONNRESET" }), "ECONNRESET"],
    ["a text", "no", "_OTHER"],
    ["nothing", undefined, "_OTHER"],
  ])("%s: medium, its type kept", (_what, thrown, errorType) => {
    expect(ended(() => thrown)).toEqual({
      ...by,
      confidence: "medium",
      via: "registry",
      errorType,
    });
  });

  test("the reason of another run: medium, because the proof does not name this one", () => {
    const [run, other] = [start(), start()];
    withAction({ kind: "dispose", scope }, () => run.fail(other.signal.reason));
    other.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose medium");
  });
});

describe("rule 14: what proves which class", () => {
  const failed = (thrown: unknown, options: Partial<RunOptions> = {}): PlainClose | undefined => {
    const run = start(options);
    run.fail(thrown);
    return plainClose(run);
  };
  const proven = { confidence: "high", via: "error" } as const;

  test("run.cancel() is the user's cancel", () => {
    const run = start();
    run.cancel();
    run.fail(run.signal.reason);
    expect(plainClose(run)).toEqual({
      type: "user_cancel",
      confidence: "high",
      via: "api",
      errorType: "AbortError",
    });
    expect(harvest.span("agent run")).toMatchObject({
      status: "UNSET",
      attributes: { "lifecycle.run.result": "interrupted" },
    });
  });

  test("so is a reason made by userCancel(), thrown, as a cause, or on the given signal", () => {
    const cancelled = { type: "user_cancel", errorType: "AbortError" };
    expect(failed(userCancel())).toEqual({ ...cancelled, ...proven });
    expect(failed(new Error("gave up", { cause: userCancel() }))).toEqual({
      ...cancelled,
      ...proven,
      errorType: "Error",
    });
    const signal = AbortSignal.abort(userCancel());
    expect(failed(signal.reason, { signal })).toEqual({
      ...cancelled,
      confidence: "high",
      via: "signal_reason",
    });
  });

  test("a TimeoutError is a timeout", () => {
    expect(failed(new DOMException("late", "TimeoutError"))).toEqual({
      type: "timeout",
      ...proven,
      errorType: "TimeoutError",
    });
    expect(harvest.span("agent run")).toMatchObject({
      status: "ERROR",
      attributes: { "lifecycle.run.result": "failed", "error.type": "timeout" },
    });
  });

  test("so is one on the given signal, though a bare AbortError comes of it", () => {
    const signal = AbortSignal.abort(new DOMException("late", "TimeoutError"));
    expect(failed(new DOMException("stopped", "AbortError"), { signal })).toEqual({
      type: "timeout",
      confidence: "high",
      via: "signal_reason",
      errorType: "AbortError",
    });
  });

  test("a code in the chain is an upstream disconnect", () => {
    expect(
      failed(new TypeError("fetch failed", { cause: error({ code: "UND_ERR_SOCKET" }) })),
    ).toEqual({
      type: "upstream_disconnect",
      ...proven,
      errorType: "UND_ERR_SOCKET",
    });
    expect(harvest.span("agent run")).toMatchObject({
      status: "ERROR",
      attributes: { "lifecycle.run.result": "failed", "error.type": "UND_ERR_SOCKET" },
    });
  });

  test("any other error is an error, with its type", () => {
    expect(failed(new RangeError("no"))).toEqual({
      type: "error",
      ...proven,
      errorType: "RangeError",
    });
    expect(harvest.span("agent run")).toMatchObject({
      status: "ERROR",
      attributes: { "lifecycle.run.result": "failed", "error.type": "RangeError" },
    });
  });

  test("what else aborted is nobody's, and what is missing is named", () => {
    expect(failed(new DOMException("stopped", "AbortError"))).toEqual({
      type: "unknown_scope_close",
      confidence: "low",
      via: "error",
      missing: ["lifecycle.close_requested"],
      errorType: "AbortError",
    });
    expect(harvest.span("agent run")).toEqual({
      name: "agent run",
      parent: undefined,
      status: "UNSET",
      attributes: {
        "lifecycle.scope.kind": "instance",
        "lifecycle.run.result": "interrupted",
        "lifecycle.close.class": "unknown_scope_close",
        "lifecycle.close.confidence": "low",
        "lifecycle.close.via": "error",
        "lifecycle.close.missing": ["lifecycle.close_requested"],
        "lifecycle.close.error.type": "AbortError",
      },
      links: [],
    });
  });

  test.each([
    "AbortError: The operation was aborted",
    "This operation was aborted by dispose_all",
    "TimeoutError: signal timed out",
    "read ECONNRESET",
    "the user cancelled the run",
    "socket hang up",
  ])("nothing is read from a message: %s", (message) => {
    expect(failed(new Error(message))).toEqual({ type: "error", ...proven, errorType: "Error" });
  });

  test("a status and an error.type that the application set on the run's span are not overruled", () => {
    const run = start();
    run.span.setStatus({ code: 2 });
    run.cancel();
    run.fail(run.signal.reason);
    expect(harvest.span("agent run").status).toBe("ERROR");
  });
});
