import { type Meter, metrics, SpanStatusCode, trace } from "@opentelemetry/api";
import { AlwaysOffSampler, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  LifecycleError,
  lifecycleSnapshot,
  type Scope,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor, type MetricsOptions, recordMetrics } from "@otel-lifecycle/sdk";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { capturedDiag, KeepingExporter, registerProvider } from "../tracing.ts";
import { countsNamed, type MetricDocument, pointsNamed, registerMeters } from "./metering.ts";

const RUN_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200];
const STOP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

let scope: Scope;
let undo = (): void => undefined;
const record = (options?: MetricsOptions): void => {
  undo = recordMetrics(options);
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
  scope = createScope({ kind: "instance" });
});
afterEach(() => {
  undo();
  vi.useRealTimers();
});

const pass = (ms: number): void => {
  vi.advanceTimersByTime(ms);
};
const active = (documents: readonly MetricDocument[]) =>
  countsNamed(documents, "lifecycle.run.active");
const durations = (documents: readonly MetricDocument[]) =>
  countsNamed(documents, "lifecycle.run.duration");
const interrupts = (documents: readonly MetricDocument[]) =>
  countsNamed(documents, "lifecycle.interrupt.duration");
const point = (boundaries: readonly number[], seconds: number) => {
  const above = boundaries.findIndex((boundary) => seconds <= boundary);
  return { count: 1, boundaries, filled: { [above < 0 ? boundaries.length : above]: 1 } };
};

test("an action and the run it closed are recorded in seconds, with the conventions' names, units, attributes and buckets (conventions: Metrics)", async () => {
  const { collect } = registerMeters();
  record();
  const run = startRun({ name: "agent run", id: "r1", scope });
  const { signal } = run;
  pass(2_000);
  const action = startAction({ kind: "dispose", scope, trigger: "http" });
  pass(200);
  run.fail(signal.reason);
  pass(1_000);
  action.end();

  expect(await collect()).toEqual([
    {
      name: "lifecycle.action.duration",
      unit: "s",
      points: [
        {
          attributes: {
            "lifecycle.action.kind": "dispose",
            "lifecycle.action.result": "completed",
          },
          value: point(STOP_BUCKETS, 1.2),
        },
      ],
    },
    {
      name: "lifecycle.interrupt.duration",
      unit: "s",
      points: [
        {
          attributes: {
            "lifecycle.action.kind": "dispose",
            "lifecycle.scope.kind": "instance",
            "lifecycle.interrupt.result": "stopped",
          },
          value: point(STOP_BUCKETS, 0.2),
        },
      ],
    },
    {
      name: "lifecycle.run.active",
      unit: "{run}",
      points: [{ attributes: { "lifecycle.scope.kind": "instance" }, value: 0 }],
    },
    {
      name: "lifecycle.run.duration",
      unit: "s",
      points: [
        {
          attributes: {
            "lifecycle.run.result": "interrupted",
            "lifecycle.scope.kind": "instance",
            "lifecycle.close.class": "lifecycle_action",
            "lifecycle.close.action.kind": "dispose",
          },
          value: point(RUN_BUCKETS, 2.2),
        },
      ],
    },
  ]);
});

describe("run durations say how runs ended (conventions: Metrics)", () => {
  const interrupted = (closeClass: string) => ({
    "lifecycle.run.result": "interrupted",
    "lifecycle.close.class": closeClass,
  });
  const failed = (closeClass: string, errorType: string) => ({
    "lifecycle.run.result": "failed",
    "lifecycle.close.class": closeClass,
    "error.type": errorType,
  });
  const begin = (options = {}) => startRun({ name: "agent run", scope, ...options });

  test.each<[string, () => void, object]>([
    ["completed", () => begin().end(), { "lifecycle.run.result": "completed" }],
    ["failed", () => begin().fail(new TypeError("secret")), failed("error", "TypeError")],
    ["failed with no error", () => begin().fail("secret"), failed("error", "_OTHER")],
    [
      "cancelled by the user",
      () => {
        const run = begin();
        run.cancel();
        run.fail(run.signal.reason);
      },
      interrupted("user_cancel"),
    ],
    [
      "timed out",
      () => {
        const run = begin({ timeoutMs: 10 });
        const { signal } = run;
        pass(10);
        run.fail(signal.reason);
      },
      failed("timeout", "timeout"),
    ],
    [
      "timed out, which is no failure to it",
      () => {
        const run = begin({ timeoutMs: 10, timeoutResult: "interrupted" });
        const { signal } = run;
        pass(10);
        run.fail(signal.reason);
      },
      interrupted("timeout"),
    ],
    [
      "aborted by nobody known",
      () => begin().fail(new DOMException("secret", "AbortError")),
      interrupted("unknown_scope_close"),
    ],
  ])("%s", async (_title, live, attributes) => {
    const { collect } = registerMeters();
    record();
    live();
    expect(durations(await collect())).toEqual([
      { "lifecycle.scope.kind": "instance", ...attributes, count: 1 },
    ]);
  });

  test.each([
    ["a token is kept", "rate_limited", "rate_limited"],
    ["64 characters are kept", "x".repeat(64), "x".repeat(64)],
    ["65 are not", "x".repeat(65), "_OTHER"],
    ["a sentence is not", "user 17 has no credit", "_OTHER"],
  ])("error.type of an adopted span: %s", async (_title, given, kept) => {
    registerProvider([new LifecycleSpanProcessor()]);
    const { collect } = registerMeters();
    record();
    const span = trace.getTracer("jobs").startSpan("job", { attributes: { "error.type": given } });
    startRun({ span, scope });
    span.setStatus({ code: SpanStatusCode.ERROR }).end();
    expect(durations(await collect())).toMatchObject([{ "error.type": kept }]);
  });

  test("of 101 kinds of error the last is _OTHER", async () => {
    const { collect } = registerMeters();
    record();
    for (let index = 0; index <= 100; index += 1) {
      begin().fail(Object.assign(new Error("no"), { code: `E_${index}` }));
    }
    const types = durations(await collect()).map((one) => (one as never)["error.type"]);
    expect(new Set(types).size).toBe(101);
    expect(types).toContain("E_99");
    expect(types).not.toContain("E_100");
    expect(types).toContain("_OTHER");
  });
});

describe("runs in flight are counted up and down (conventions: Metrics)", () => {
  test("by the kind of their scope, while they run", async () => {
    const { collect } = registerMeters();
    record();
    const directory = createScope({ kind: "directory" });
    const runs = [scope, scope, directory].map((one) => startRun({ name: "run", scope: one }));
    expect(active(await collect())).toEqual([
      { "lifecycle.scope.kind": "directory", count: 1 },
      { "lifecycle.scope.kind": "instance", count: 2 },
    ]);
    for (const run of runs) {
      run.end();
      run.end();
      run.fail(new TypeError("no"));
    }
    expect(active(await collect())).toEqual([
      { "lifecycle.scope.kind": "directory", count: 0 },
      { "lifecycle.scope.kind": "instance", count: 0 },
    ]);
  });

  test("one that began before anybody counted is neither counted down nor timed", async () => {
    const { collect } = registerMeters();
    const run = startRun({ name: "agent run", scope });
    record();
    run.end();
    expect(await collect()).toEqual([]);
  });

  test("one in flight when the counting ends is counted to its end, and no other", async () => {
    const { collect } = registerMeters();
    record();
    const run = startRun({ name: "agent run", scope });
    undo();
    startRun({ name: "uncounted", scope }).end();
    run.end();
    withAction({ kind: "reload", scope }, () => undefined);
    const documents = await collect();
    expect(active(documents)).toEqual([{ "lifecycle.scope.kind": "instance", count: 0 }]);
    expect(durations(documents)).toMatchObject([{ count: 1 }]);
    expect(countsNamed(documents, "lifecycle.action.duration")).toEqual([]);
  });

  test("what the head sampler drops is counted", async () => {
    registerProvider([new SimpleSpanProcessor(new KeepingExporter())], {
      sampler: new AlwaysOffSampler(),
    });
    const { collect } = registerMeters();
    record();
    const run = startRun({ name: "agent run", scope });
    const { signal } = run;
    withAction({ kind: "dispose", scope }, () => undefined);
    run.fail(signal.reason);
    const documents = await collect();
    expect(documents.map(({ name, points }) => [name, points.length])).toEqual([
      ["lifecycle.action.duration", 1],
      ["lifecycle.interrupt.duration", 1],
      ["lifecycle.run.active", 1],
      ["lifecycle.run.duration", 1],
    ]);
  });

  test("what the SDK's shutdown ends is counted down", async () => {
    const { provider } = registerProvider([new LifecycleSpanProcessor()]);
    const { collect } = registerMeters();
    record();
    startRun({ name: "agent run", scope });
    await provider.shutdown();
    expect(active(await collect())).toEqual([{ "lifecycle.scope.kind": "instance", count: 0 }]);
  });
});

describe("actions and interrupts (rule 8)", () => {
  test("each interrupted run is counted, also beyond the 1,000 interrupt spans", async () => {
    const { collect } = registerMeters();
    record();
    const runs = Array.from({ length: 1_001 }, () => startRun({ name: "run", scope }));
    const signals = runs.map(({ signal }) => signal);
    const action = startAction({ kind: "dispose", scope });
    for (const [index, run] of runs.entries()) run.fail(signals[index]?.reason);
    action.end();
    expect(interrupts(await collect())).toMatchObject([
      { "lifecycle.interrupt.result": "stopped", count: 1_001 },
    ]);
  });

  test("each run that an action gave up on is counted once, from being asked until then", async () => {
    const { collect } = registerMeters();
    record();
    const runs = Array.from({ length: 1_001 }, () => startRun({ name: "run", scope }));
    const signals = runs.map(({ signal }) => signal);
    const action = startAction({ kind: "dispose", scope, settleTimeoutMs: 5_000 });
    await action.asked;
    action.end();
    pass(5_000);
    await action.settled;
    for (const [index, run] of runs.entries()) run.fail(signals[index]?.reason);
    const documents = await collect();
    expect(pointsNamed(documents, "lifecycle.interrupt.duration")).toEqual([
      {
        attributes: {
          "lifecycle.action.kind": "dispose",
          "lifecycle.scope.kind": "instance",
          "lifecycle.interrupt.result": "unsettled",
        },
        value: { count: 1_001, boundaries: STOP_BUCKETS, filled: { 9: 1_001 } },
      },
    ]);
    expect(countsNamed(documents, "lifecycle.action.duration")).toEqual([
      { "lifecycle.action.kind": "dispose", "lifecycle.action.result": "unsettled", count: 1 },
    ]);
  });

  test("a run that completed in spite of the action, and the one in whose code it was started, are no interrupts", async () => {
    const { collect } = registerMeters();
    record();
    const begin = (name: string) => startRun({ name, scope });
    const [host, completed, stuck] = [begin("host"), begin("completed"), begin("stuck")];
    const action = host.with(() => startAction({ kind: "dispose", scope, settleTimeoutMs: 10 }));
    completed.complete();
    completed.end();
    action.end();
    pass(10);
    await action.settled;
    host.end();
    stuck.end();
    expect(interrupts(await collect())).toMatchObject([
      { "lifecycle.interrupt.result": "unsettled", count: 1 },
    ]);
  });

  test("an action whose code threw says with what", async () => {
    const { collect } = registerMeters();
    record();
    startAction({ kind: "reload", scope }).fail(new TypeError("secret"));
    expect(countsNamed(await collect(), "lifecycle.action.duration")).toEqual([
      {
        "lifecycle.action.kind": "reload",
        "lifecycle.action.result": "failed",
        "error.type": "TypeError",
        count: 1,
      },
    ]);
  });
});

describe("the meter provider is the one that is registered (invariant 3)", () => {
  test("without one nothing is kept of a run", () => {
    record();
    const run = startRun({ name: "agent run", scope });
    expect(run).toMatchObject({ observation: undefined });
    run.end();
  });

  test("one that is registered later is found, and each counts down what it counted up", async () => {
    record();
    startRun({ name: "before", scope }).end();
    const first = registerMeters();
    const run = startRun({ name: "agent run", scope });
    const second = registerMeters();
    const later = startRun({ name: "later", scope });
    run.end();
    const up = { "lifecycle.scope.kind": "instance", count: 1 };
    expect(active(await first.collect())).toEqual([{ ...up, count: 0 }]);
    expect(active(await second.collect())).toEqual([up]);
    expect(durations(await first.collect())).toMatchObject([{ count: 1 }]);
    later.end();
    expect(active(await second.collect())).toEqual([{ ...up, count: 0 }]);
  });

  const instrument = {
    add: () => {
      throw new RangeError("meter");
    },
    record: () => {
      throw new RangeError("meter");
    },
  };
  test.each<[string, () => unknown]>([
    [
      "throws when asked for a meter",
      () => {
        throw new RangeError("meter");
      },
    ],
    ["gives none", () => undefined],
    [
      "gives one whose instruments throw",
      () => ({ createUpDownCounter: () => instrument, createHistogram: () => instrument }),
    ],
  ])("one that %s never reaches the host, and is logged once", (_title, getMeter) => {
    const lines = capturedDiag();
    metrics.setGlobalMeterProvider({ getMeter: getMeter as () => Meter });
    record();
    const before = lifecycleSnapshot();
    const run = startRun({ name: "agent run", scope });
    const { signal } = run;
    const result = withAction({ kind: "dispose", scope }, () => "result");
    run.fail(signal.reason);
    expect([result, run.close?.type]).toEqual(["result", "lifecycle_action"]);
    expect(lifecycleSnapshot()).toMatchObject({ runs: before.runs, actions: before.actions });
    expect(lines.length).toBeLessThanOrEqual(1);
  });
});

describe("set-up (rule 38)", () => {
  test.each<[string, unknown, string]>([
    ["null", null, "recordMetrics: expected an object of options, given null"],
    [
      "a misspelt option",
      { automaticRun: true },
      'recordMetrics: expected the option automaticRuns, given "automaticRun" (12 characters)',
    ],
    [
      "text for a boolean",
      { automaticRuns: "yes" },
      'recordMetrics: expected as automaticRuns a boolean, given "yes" (3 characters)',
    ],
  ])("%s is refused, with what was given", (_title, options, message) => {
    const call = () => recordMetrics(options as MetricsOptions);
    expect(call).toThrow(LifecycleError);
    expect(call).toThrow(message);
  });

  test("a second call warns, counts nothing twice, and its undoing undoes nothing", async () => {
    const lines = capturedDiag();
    const { collect } = registerMeters();
    record();
    recordMetrics()();
    startRun({ name: "agent run", scope }).end();
    expect(durations(await collect())).toMatchObject([{ count: 1 }]);
    expect(lines).toEqual([
      "warn @otel-lifecycle/sdk recordMetrics() was called before: the first call stands. Take one out.",
    ]);
  });
});
