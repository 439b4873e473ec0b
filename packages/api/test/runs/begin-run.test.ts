import { INVALID_SPAN_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  createScope,
  currentRun,
  lifecycleSnapshot,
  type Run,
  type Scope,
  startAction,
  startRun,
  userCancel,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
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

const nested = (options: { readonly scope?: Scope } = {}): readonly [outer: Run, inner: Run] => {
  const outer = startRun({ name: "outer", scope });
  const inner = outer.with(() => startRun({ name: "inner", ...options }));
  for (const run of [outer, inner]) void run.signal;
  return [outer, inner];
};
const unwind = (...runs: readonly Run[]) => {
  for (const run of runs) run.fail(run.signal.reason ?? new Error("torn"));
};

describe("rule 11: a run inside a run follows its signal and its close", () => {
  test("its span is a child, and its scope the same unless it names its own", () => {
    const [outer, inner] = nested();
    expect(inner.scope).toBe(outer.scope);
    unwind(inner, outer);
    expect(harvest.span("inner").parent).toBe("outer");
  });

  test.each<[string, (outer: Run) => void, string]>([
    ["a cancel", (outer) => outer.cancel(), "user_cancel high"],
    [
      "an action",
      (outer) => startAction({ kind: "dispose", scope: outer.scope }).end(),
      "lifecycle_action dispose high",
    ],
  ])("%s of the outer one stops the inner one too", (_what, stop, verdict) => {
    const [outer, inner] = nested();
    stop(outer);
    expect(inner.signal.aborted).toBe(true);
    unwind(inner, outer);
    expect([inner, outer].map(verdictOf)).toEqual([verdict, verdict]);
  });

  test("the outer one's deadline does", () => {
    vi.useFakeTimers();
    const outer = startRun({ name: "outer", scope, timeoutMs: 100 });
    const inner = outer.with(() => startRun({ name: "inner" }));
    const { signal } = inner;
    vi.advanceTimersByTime(100);
    expect(signal.reason).toMatchObject({ name: "TimeoutError" });
    unwind(inner, outer);
    expect([inner, outer].map(verdictOf)).toEqual(["timeout high", "timeout high"]);
  });

  test("the outer one's given signal does, with the application's own reason", () => {
    const controller = new AbortController();
    const outer = startRun({ name: "outer", scope, signal: controller.signal });
    const inner = outer.with(() => startRun({ name: "inner" }));
    const reason = new Error("client is gone");
    void inner.signal;
    controller.abort(reason);
    expect(inner.signal.reason).toBe(reason);
    unwind(inner, outer);
    expect([inner, outer].map(verdictOf)).toEqual([
      "unknown_scope_close low",
      "unknown_scope_close low",
    ]);
  });

  test("each gets a reason of its own", () => {
    const [outer, inner] = nested();
    const action = startAction({ kind: "dispose", scope });
    expect(inner.signal.reason).not.toBe(outer.signal.reason);
    unwind(inner, outer);
    action.end();
  });

  test("the outer one's reason names the inner one as well", () => {
    const [outer, inner] = nested();
    const action = startAction({ kind: "dispose", scope });
    inner.fail(outer.signal.reason);
    outer.fail(outer.signal.reason);
    action.end();
    expect(verdictOf(inner)).toBe("lifecycle_action dispose high");
  });

  test("an inner run of another scope is closed with the outer one's scope", () => {
    const elsewhere = createScope({ kind: "directory" });
    const [outer, inner] = nested({ scope: elsewhere });
    const action = startAction({ kind: "dispose", scope });
    expect(inner.signal.aborted).toBe(true);
    unwind(inner, outer);
    action.end();
    expect([inner, outer].map(verdictOf)).toEqual([
      "lifecycle_action dispose high",
      "lifecycle_action dispose high",
    ]);
    expect(harvest.span("dispose instance").attributes).toMatchObject({
      "lifecycle.action.covered_run_count": 2,
      "lifecycle.action.interrupted_run_count": 2,
    });
  });

  test("with its own scope the inner run is closed alone", () => {
    const elsewhere = createScope({ kind: "directory" });
    const [outer, inner] = nested({ scope: elsewhere });
    const action = startAction({ kind: "dispose_directory", scope: elsewhere });
    expect([inner.signal.aborted, outer.signal.aborted]).toEqual([true, false]);
    unwind(inner);
    outer.end();
    action.end();
    expect([inner, outer].map(verdictOf)).toEqual([
      "lifecycle_action dispose_directory high",
      "completed",
    ]);
  });

  test("what stops the inner one does not stop the outer one", () => {
    const [outer, inner] = nested();
    inner.cancel();
    expect(outer.signal.aborted).toBe(false);
    unwind(inner);
    outer.end();
    expect([inner, outer].map(verdictOf)).toEqual(["user_cancel high", "completed"]);
  });

  test("a run that begins inside one that was asked already is asked at once", () => {
    const outer = startRun({ name: "outer", scope });
    outer.cancel();
    const inner = outer.with(() => startRun({ name: "inner" }));
    expect(inner.signal.aborted).toBe(true);
    unwind(inner, outer);
    expect(verdictOf(inner)).toBe("user_cancel high");
  });

  test("a run that begins inside one that is covered and not asked yet is asked with it", async () => {
    const outer = startRun({ name: "outer", scope });
    const crowd = Array.from({ length: 3_000 }, () => startRun({ name: "agent run", scope }));
    for (const run of [outer, ...crowd]) void run.signal;
    const action = startAction({ kind: "dispose", scope });
    action.end();
    const waiting = [outer, ...crowd].find((run) => !run.signal.aborted);
    const inner = waiting?.with(() => startRun({ name: "inner" }));
    await action.asked;
    expect([waiting?.signal.aborted, inner?.signal.aborted]).toEqual([true, true]);
    for (const run of [outer, ...crowd]) run.end();
    inner?.end();
    await action.settled;
  });

  test("it follows a cancel of that one, though a reload had asked it before and lapsed since", () => {
    vi.useFakeTimers();
    const outer = startRun({ name: "outer", scope });
    void outer.signal;
    withAction({ kind: "reload", scope }, () => undefined);
    outer.cancel();
    vi.advanceTimersByTime(10_000);
    const inner = outer.with(() => startRun({ name: "inner" }));
    void inner.signal;
    for (const run of [inner, outer]) run.fail(new Error("torn"));
    expect([inner, outer].map(verdictOf)).toEqual(["user_cancel medium", "user_cancel medium"]);
  });

  test("three deep the innermost follows the outermost", () => {
    const [outer, inner] = nested();
    const innermost = inner.with(() => startRun({ name: "innermost" }));
    outer.cancel();
    unwind(innermost, inner, outer);
    expect(verdictOf(innermost)).toBe("user_cancel high");
  });

  test("the first cause wins there too: its own deadline before the outer one's cancel", () => {
    vi.useFakeTimers();
    const outer = startRun({ name: "outer", scope });
    const inner = outer.with(() => startRun({ name: "inner", timeoutMs: 100 }));
    void inner.signal;
    vi.advanceTimersByTime(100);
    outer.cancel();
    unwind(inner, outer);
    expect([inner, outer].map(verdictOf)).toEqual(["timeout high", "user_cancel high"]);
  });

  test("one that outlives the outer run is still closed with its scope", () => {
    const [outer, inner] = nested({ scope: createScope({ kind: "directory" }) });
    outer.end();
    const action = startAction({ kind: "dispose", scope });
    expect(inner.signal.aborted).toBe(true);
    unwind(inner);
    action.end();
    expect(verdictOf(inner)).toBe("lifecycle_action dispose high");
  });

  test("a run begun in the context of one that has ended follows the nearest around it", () => {
    const [outer, middle] = nested();
    middle.end();
    const inner = middle.with(() => startRun({ name: "innermost" }));
    void inner.signal;
    outer.cancel();
    unwind(inner, outer);
    expect(verdictOf(inner)).toBe("user_cancel high");
  });

  test("and is a run of its own where there is none", () => {
    const outer = startRun({ name: "outer", scope });
    outer.end();
    const inner = outer.with(() => startRun({ name: "inner" }));
    outer.cancel();
    expect(inner.signal.aborted).toBe(false);
    inner.end();
  });
});

describe("a run adopts a span that exists already", () => {
  const tracer = () => trace.getTracer("other instrumentation");

  test("it is stamped, and ends with its span", () => {
    const span = tracer().startSpan("invoke_agent planner", { kind: SpanKind.CLIENT });
    const run = startRun({ span, id: "r1", scope });
    expect([run.name, run.span]).toEqual(["invoke_agent planner", span]);
    span.end();
    expect(verdictOf(run)).toBe("completed");
    expect(harvest.spans()).toEqual([
      {
        name: "invoke_agent planner",
        parent: undefined,
        status: "UNSET",
        attributes: {
          "lifecycle.scope.kind": "instance",
          "lifecycle.run.id": "r1",
          "lifecycle.run.result": "completed",
        },
        links: [],
      },
    ]);
  });

  test("the run's own end stamps it and leaves it open for its owner", () => {
    const span = tracer().startSpan("invoke_agent planner");
    const run = startRun({ span, scope });
    run.end();
    expect([span.isRecording(), harvest.raw().length]).toEqual([true, 0]);
    span.end();
    expect(harvest.span("invoke_agent planner").attributes["lifecycle.run.result"]).toBe(
      "completed",
    );
  });

  test("its status stays its owner's: a failed run sets lifecycle.* only", () => {
    const span = tracer().startSpan("invoke_agent planner");
    startRun({ span, scope }).fail(new TypeError("no"));
    span.end();
    expect(harvest.span("invoke_agent planner")).toMatchObject({
      status: "UNSET",
      attributes: {
        "lifecycle.run.result": "failed",
        "lifecycle.close.class": "error",
        "lifecycle.close.error.type": "TypeError",
      },
    });
  });

  test("an ERROR that its owner set is the run's failure, and is never taken back", () => {
    const span = tracer().startSpan("invoke_agent planner");
    const run = startRun({ span, scope });
    span.setAttribute("error.type", "rate_limited");
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    expect(plainClose(run)).toEqual({
      type: "error",
      confidence: "high",
      via: "error",
      errorType: "rate_limited",
    });
    expect(harvest.span("invoke_agent planner").status).toBe("ERROR");
  });

  test("one that the code of an action ends which covers it is the action's", () => {
    const span = tracer().startSpan("invoke_agent planner");
    const run = startRun({ span, scope });
    withAction({ kind: "dispose", scope }, () => span.end());
    expect(plainClose(run)).toEqual({
      type: "lifecycle_action",
      action: "dispose",
      confidence: "medium",
      via: "registry",
    });
  });

  test("one that is finished in the code of an action of another scope has completed", () => {
    const span = tracer().startSpan("invoke_agent planner");
    const run = startRun({ span, scope: createScope({ kind: "directory" }) });
    withAction({ kind: "dispose", scope }, () => span.end());
    expect(plainClose(run)).toEqual({ type: "completed" });
  });

  test("one that is not recorded ends its run too", () => {
    const span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    const run = startRun({ span, scope });
    span.end();
    expect(plainClose(run)).toEqual({ type: "completed" });
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["a text", "span"],
    [
      "an object that has a span context alone",
      { spanContext: () => ({ traceId: "", spanId: "" }) },
    ],
    [
      "a span whose methods throw",
      new Proxy(
        {},
        {
          get: () => () => {
            throw new Error("hands off");
          },
        },
      ),
    ],
  ])("%s in a span's place costs the span, not the run", (_title, span) => {
    const before = lifecycleSnapshot().runs;
    // @ts-expect-error: as from JavaScript.
    const run = startRun({ name: "agent run", span, scope });
    run.end();
    expect(verdictOf(run)).toBe("completed");
    expect(lifecycleSnapshot().runs).toBe(before);
  });
});

describe("a given signal", () => {
  test("that fired before the run began stops it at once", () => {
    const run = startRun({ name: "agent run", signal: AbortSignal.abort(userCancel()) });
    expect(run.signal.aborted).toBe(true);
    unwind(run);
    expect(plainClose(run)).toEqual({
      type: "user_cancel",
      confidence: "high",
      via: "signal_reason",
      errorType: "AbortError",
    });
  });

  test("is let go when the run ends", () => {
    const controller = new AbortController();
    const run = startRun({ name: "agent run", signal: controller.signal });
    const { signal } = run;
    run.end();
    controller.abort();
    expect(signal.aborted).toBe(false);
  });

  test("of another make is dropped and counted", () => {
    const before = lifecycleSnapshot().bounded["run signal"] ?? 0;
    // @ts-expect-error: as from JavaScript.
    startRun({ name: "agent run", signal: { aborted: false } }).end();
    expect(lifecycleSnapshot().bounded["run signal"]).toBe(before + 1);
  });
});

describe("a deadline", () => {
  test("makes the run a failed one, with error.type timeout", async () => {
    vi.useFakeTimers();
    const run = startRun({ name: "agent run", scope, timeoutMs: 100 });
    const { signal } = run;
    vi.advanceTimersByTime(99);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    unwind(run);
    expect(harvest.span("agent run")).toEqual({
      name: "agent run",
      parent: undefined,
      status: "ERROR",
      attributes: {
        "lifecycle.scope.kind": "instance",
        "lifecycle.run.result": "failed",
        "lifecycle.close.class": "timeout",
        "lifecycle.close.confidence": "high",
        "lifecycle.close.via": "deadline",
        "lifecycle.interrupt.duration": 0,
        "error.type": "timeout",
      },
      links: [],
    });
  });

  test("an option leaves the run interrupted and its span UNSET", () => {
    vi.useFakeTimers();
    const run = startRun({
      name: "agent run",
      scope,
      timeoutMs: 100,
      timeoutResult: "interrupted",
    });
    void run.signal;
    vi.advanceTimersByTime(100);
    unwind(run);
    expect(harvest.span("agent run")).toMatchObject({
      status: "UNSET",
      attributes: {
        "lifecycle.run.result": "interrupted",
        "lifecycle.close.class": "timeout",
        "lifecycle.close.error.type": "TimeoutError",
      },
    });
  });
});

describe("currentRun() is the innermost run", () => {
  test("inside a run that run, across an await, and outside none", async () => {
    await withRun({ name: "outer" }, async (outer) => {
      await Promise.resolve();
      expect(currentRun()).toBe(outer);
      withRun({ name: "inner" }, (inner) => expect(currentRun()).toBe(inner));
      expect(currentRun()).toBe(outer);
      expect(currentRun(outer.context)).toBe(outer);
    });
    expect(currentRun()).toBeUndefined();
  });
});
