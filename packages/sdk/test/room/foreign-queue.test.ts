import {
  BatchSpanProcessor,
  type NodeTracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  lifecycleSnapshot,
  type Run,
  type Scope,
  startAction,
  startRun,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { capturedDiag, registerProvider } from "../tracing.ts";

const RUNS = 10_000;
const ACTION = "dispose_all instance_store";

/** Keeps what it is given, and answers when it likes. */
const exporterThat = (answer: (done: () => void) => void) => {
  const kept: ReadableSpan[] = [];
  const exporter: SpanExporter = {
    export: (spans, done) => {
      kept.push(...spans);
      answer(() => done({ code: 0 }));
    },
    shutdown: () => Promise.resolve(),
    forceFlush: () => Promise.resolve(),
  };
  return { exporter, kept };
};

const taking10Ms = () => exporterThat((done) => setTimeout(done, 10));
const neverAnswering = () => exporterThat(() => undefined);

const dropped = () => lifecycleSnapshot().bounded["spans dropped"] ?? 0;
const named = (spans: readonly ReadableSpan[], name: string) =>
  spans.filter((span) => span.name === name);
const milliseconds = ([seconds, nanoseconds]: readonly [number, number]) =>
  seconds * 1000 + nanoseconds / 1e6;

let before: number;
let scope: Scope;
let lines: readonly string[];

beforeEach(() => {
  before = dropped();
  scope = createScope({ kind: "instance_store" });
  lines = capturedDiag();
});

afterEach(() => {
  vi.useRealTimers();
  expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 });
});

const register = ({ exporter }: { readonly exporter: SpanExporter }): NodeTracerProvider =>
  registerProvider([new LifecycleSpanProcessor(), new BatchSpanProcessor(exporter)]).provider;

/** All at once: asked, closed and ended in one tick, and the action's code with them. */
const disposeOf = (runs: readonly Run[]) => {
  const action = startAction({ kind: "dispose_all", scope, trigger: "http" });
  for (const run of runs) run.fail(run.signal.reason);
  action.end();
  return action;
};

const openRuns = (count: number) =>
  Array.from({ length: count }, () => startRun({ name: "agent run", scope }));

describe("beside a foreign batch processor of the default size (rules 8 and 21)", () => {
  test("10,000 runs closed in one tick: the action is exported with its counts, and its end is when it was over", async () => {
    const kept = taking10Ms();
    const provider = register(kept);
    const began = Date.now();
    const action = disposeOf(openRuns(RUNS));
    const over = Date.now();
    await action.settled;
    const waited = Date.now() - over;
    await provider.forceFlush();
    await provider.shutdown();
    const [span, ...more] = named(kept.kept, ACTION);
    expect(more).toEqual([]);
    expect(span?.attributes).toMatchObject({
      "lifecycle.action.result": "completed",
      "lifecycle.action.covered_run_count": RUNS,
      "lifecycle.action.interrupted_run_count": RUNS,
    });
    expect(span?.links).toHaveLength(100);
    const end = milliseconds(span?.endTime ?? [0, 0]);
    expect(end).toBeGreaterThanOrEqual(began);
    // The two clocks may lie some milliseconds apart, but not by what it waited for room.
    expect(end).toBeLessThan(over + waited / 2);
    expect(named(kept.kept, "interrupt agent run")).toHaveLength(1000);
    expect(lines.filter((line) => line.includes("@otel-lifecycle"))).toEqual([
      expect.stringMatching(/^warn @otel-lifecycle\/\S+ spans dropped: .*maxQueueSize/),
    ]);
  });

  test("what was dropped is counted exactly, and said once", async () => {
    const kept = taking10Ms();
    const provider = register(kept);
    const action = disposeOf(openRuns(RUNS));
    await action.settled;
    await provider.forceFlush();
    await provider.shutdown();
    expect(dropped() - before).toBe(RUNS + 1000 + 1 - kept.kept.length);
    // The first test of this process was told already.
    expect(lines.filter((line) => line.includes("@otel-lifecycle"))).toEqual([]);
  });

  test("spans below the runs that are dropped with them are counted too", async () => {
    const kept = taking10Ms();
    const { tracer, provider } = registerProvider([
      new LifecycleSpanProcessor(),
      new BatchSpanProcessor(kept.exporter),
    ]);
    const runs = openRuns(3000);
    const below = runs.map((run) => run.with(() => tracer.startSpan("chat model")));
    const action = startAction({ kind: "dispose_all", scope });
    for (const span of below) span.end();
    for (const run of runs) run.fail(run.signal.reason);
    action.end();
    await action.settled;
    await provider.forceFlush();
    await provider.shutdown();
    expect(dropped() - before).toBe(6000 + 1000 + 1 - kept.kept.length);
  });

  test("with an exporter that never answers the action waits 10 s, ends, and is counted", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate"] });
    const kept = neverAnswering();
    register(kept);
    const action = disposeOf(openRuns(RUNS));
    let isSettled = false;
    void action.settled.then(() => {
      isSettled = true;
    });
    await vi.advanceTimersByTimeAsync(9000);
    expect(isSettled).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    expect([isSettled, action.span.isRecording()]).toEqual([true, false]);
    // 512 are on their way and 2,048 wait, and the action is taken besides; the rest is counted.
    expect(dropped() - before).toBe(RUNS + 1000 - 512 - 2048);
  });

  test("of two the fuller one is waited for", async () => {
    const [small, large] = [taking10Ms(), taking10Ms()];
    const { provider } = registerProvider([
      new LifecycleSpanProcessor(),
      new BatchSpanProcessor(small.exporter, { maxQueueSize: 512 }),
      new BatchSpanProcessor(large.exporter, { maxQueueSize: 2 * RUNS }),
    ]);
    await disposeOf(openRuns(5000)).settled;
    await provider.shutdown();
    const arrived = ({ kept }: { readonly kept: readonly ReadableSpan[] }) => ({
      actions: named(kept, ACTION).length,
      interrupts: named(kept, "interrupt agent run").length,
    });
    const all = { actions: 1, interrupts: 1000 };
    expect([arrived(small), arrived(large)]).toEqual([all, all]);
    expect(named(large.kept, "agent run")).toHaveLength(5000);
  });

  test("a queue that has room loses nothing and says nothing", async () => {
    const kept = taking10Ms();
    const provider = register(kept);
    await disposeOf(openRuns(100)).settled;
    await provider.shutdown();
    expect([kept.kept.length, dropped() - before, lines]).toEqual([201, 0, []]);
  });
});

describe("at the provider's shutdown with more open than the queue holds (rule 21)", () => {
  test("5,000 open runs: the action is exported, before interrupt spans, and the rest is counted", async () => {
    const kept = taking10Ms();
    const provider = register(kept);
    openRuns(5000);
    await provider.shutdown();
    const at = (name: string) => kept.kept.findIndex((span) => span.name === name);
    expect(named(kept.kept, "shutdown process")).toHaveLength(1);
    expect(at("shutdown process")).toBe(0);
    expect(named(kept.kept, "agent run").length).toBeGreaterThanOrEqual(2047);
    const interrupts = at("interrupt agent run");
    if (interrupts >= 0) expect(interrupts).toBeGreaterThan(2047);
    expect(dropped() - before).toBe(5000 + 1000 + 1 - kept.kept.length);
  });

  test("an action that waits for room just then is exported too", async () => {
    const kept = taking10Ms();
    const provider = register(kept);
    const action = disposeOf(openRuns(RUNS));
    expect(action.span.isRecording()).toBe(true);
    await provider.shutdown();
    expect(action.span.isRecording()).toBe(false);
    expect(named(kept.kept, ACTION)).toHaveLength(1);
  });
});
