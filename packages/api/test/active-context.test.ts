import { setTimeout } from "node:timers/promises";
import { context, isSpanContextValid, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  createScope,
  currentAction,
  currentRun,
  inject,
  lifecycleSnapshot,
  startAction,
  startRun,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainClose, verdictOf } from "./support/plain-close.ts";
import { untilAborted } from "./support/unwinding.ts";

const withManager = () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
};

describe.each([
  ["without a context manager", () => undefined],
  ["with a context manager", withManager],
])("without an SDK and %s", (_title, setUp) => {
  beforeAll(setUp);
  afterAll(() => context.disable());
  const scope = createScope({ kind: "instance" });

  test("no span is recorded", () => {
    const run = startRun({ name: "agent run", scope });
    expect([run.span.isRecording(), isSpanContextValid(run.span.spanContext())]).toEqual([
      false,
      false,
    ]);
    run.end();
  });

  test("currentRun() and currentAction() are the innermost, across an await", async () => {
    await withRun({ name: "outer" }, async (outer) => {
      await setTimeout(1);
      expect(currentRun()).toBe(outer);
      await withRun({ name: "inner" }, async (inner) => {
        await setTimeout(1);
        expect(currentRun()).toBe(inner);
      });
      await withAction({ kind: "dispose", scope }, async (action) => {
        await setTimeout(1);
        expect(currentAction()).toBe(action);
        expect(currentRun()).toBe(outer);
        expect(action.detach(() => [currentRun(), currentAction()])).toEqual([
          undefined,
          undefined,
        ]);
      });
      expect(currentAction()).toBeUndefined();
    });
    expect(currentRun()).toBeUndefined();
  });

  test("two at once see each its own", async () => {
    const see = (name: string) =>
      withRun({ name }, async (run) => {
        await setTimeout(1);
        return currentRun() === run;
      });
    expect(await Promise.all([see("one"), see("two")])).toEqual([true, true]);
  });

  test("signals abort, in the run's context with the action in it", async () => {
    const run = startRun({ name: "agent run", scope });
    let seen: unknown;
    run.signal.addEventListener("abort", () => {
      seen = [currentRun(), currentAction()];
    });
    const action = startAction({ kind: "dispose", scope });
    expect(seen).toEqual([run, action]);
    run.fail(run.signal.reason);
    action.end();
    await action.settled;
    expect(plainClose(run)).toEqual({
      type: "lifecycle_action",
      action: "dispose",
      confidence: "high",
      via: "error",
      errorType: "AbortError",
    });
  });

  test("an action nests, names its parent and root, and knows what it closed", async () => {
    const run = startRun({ name: "agent run", scope });
    const unwinding = untilAborted(run.signal).catch((reason: unknown) => run.fail(reason));
    await withAction({ kind: "dispose_all", scope }, (outer) =>
      withAction({ kind: "dispose", scope }, async (inner) => {
        expect([inner.parentId, inner.rootId]).toEqual([outer.id, outer.id]);
        await unwinding;
      }),
    );
    expect(verdictOf(run)).toBe("lifecycle_action dispose_all high");
  });

  test("a cancel, a deadline, a failure and an abort by nobody known are told apart", async () => {
    const cancelled = startRun({ name: "agent run", scope });
    cancelled.cancel();
    cancelled.fail(cancelled.signal.reason);
    const late = startRun({ name: "agent run", scope, timeoutMs: 1 });
    await untilAborted(late.signal).catch((reason: unknown) => late.fail(reason));
    const failed = startRun({ name: "agent run", scope });
    failed.fail(new TypeError("no"));
    const aborted = startRun({ name: "agent run", scope, signal: AbortSignal.abort() });
    aborted.fail(aborted.signal.reason);
    expect([cancelled, late, failed, aborted].map(verdictOf)).toEqual([
      "user_cancel high",
      "timeout high",
      "error high",
      "unknown_scope_close low",
    ]);
  });

  test("a run that the action itself starts is not covered, also through detach", () => {
    withAction({ kind: "reload", scope }, (action) => {
      const runs = [
        startRun({ name: "started", scope }),
        action.detach(() => startRun({ name: "detached", scope })),
      ];
      expect(runs.map((run) => run.signal.aborted)).toEqual([false, false]);
      for (const run of runs) run.end();
    });
  });

  test("an action goes to another process by its ids alone, and is the parent there", () => {
    const sent = withAction({ kind: "dispose_all", scope, trigger: "cli" }, (action) => {
      const carrier = inject({});
      expect(carrier).toEqual({
        "lifecycle.cause": `id=${action.id};root=${action.id};kind=dispose_all;trigger=cli`,
      });
      return carrier;
    });
    withAction({ kind: "dispose", scope, carrier: sent }, (outer) => {
      expect(`id=${outer.parentId};root=${outer.rootId};kind=dispose_all;trigger=cli`).toBe(
        Object.values(sent)[0],
      );
      withAction({ kind: "dispose", scope }, (inner) => {
        expect([inner.parentId, inner.rootId]).toEqual([outer.id, outer.rootId]);
      });
    });
  });

  test("nothing is left in flight", () => {
    expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 });
  });
});

test("a provider that is registered later gets the spans from then on", () => {
  const before = startRun({ name: "before" });
  const span = trace.wrapSpanContext({
    traceId: "1".repeat(32),
    spanId: "2".repeat(16),
    traceFlags: 1,
  });
  trace.setGlobalTracerProvider({
    getTracer: () => ({ startSpan: () => span, startActiveSpan: () => span }) as never,
  });
  const after = startRun({ name: "after" });
  expect([before.span.spanContext().spanId, after.span]).toEqual(["0".repeat(16), span]);
  for (const run of [before, after]) run.end();
  trace.disable();
});
