import {
  context,
  type Span,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  SimpleSpanProcessor,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  type Run,
  type Scope,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor, lifecycleSampler } from "@otel-lifecycle/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { documentNamed } from "../span-document.ts";
import { capturedDiag, KeepingExporter, registerProvider } from "../tracing.ts";

const RESCUED = "lifecycle.sampling.rescued";
const atRatio = (ratio: number): Sampler =>
  new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });

let exporter: KeepingExporter;
let scope: Scope;

beforeEach(() => {
  exporter = new KeepingExporter();
  scope = createScope({ kind: "instance" });
});

const register = (inner: Sampler) => {
  const sampler = lifecycleSampler(inner);
  const batch = new BatchSpanProcessor(exporter, { maxQueueSize: 2 ** 16 });
  return registerProvider([new LifecycleSpanProcessor(), batch], { sampler });
};

const idOf = (span: Span | ReadableSpan): string => span.spanContext().spanId;
const nameAndMark = ({ name, attributes }: ReadableSpan): string =>
  `${name}: ${attributes[RESCUED]}`;
const exportedIds = (mark: boolean | undefined): readonly string[] =>
  exporter
    .getFinishedSpans()
    .filter(({ attributes }) => attributes[RESCUED] === mark)
    .map(idOf)
    .sort();
const exportedMarks = (): readonly string[] => exporter.getFinishedSpans().map(nameAndMark).sort();

/** What each span is told by: whether the head sampler took its trace, and whether it completed. */
interface Expected {
  readonly sampled: string[];
  readonly rescued: string[];
}

const sort = ({ sampled, rescued }: Expected): Expected => ({
  sampled: sampled.sort(),
  rescued: rescued.sort(),
});

const isHeadSampled = (span: Span): boolean =>
  (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 1;

describe.each([
  [0, 300],
  [0.01, 3000],
  [0.5, 300],
  [1, 300],
])("at a ratio of %d (rule 22)", (ratio, runs) => {
  test("of many runs and actions what was sampled and what did not complete is exported, and nothing more", async () => {
    const { provider, tracer } = register(atRatio(ratio));
    const expected: Expected = { sampled: [], rescued: [] };
    const expect1 = (span: Span, completed: boolean): void => {
      if (isHeadSampled(span)) expected.sampled.push(idOf(span));
      else if (!completed) expected.rescued.push(idOf(span));
    };
    for (let index = 0; index < runs; index += 1) {
      const endings = [
        (run: Run) => run.end(),
        (run: Run) => run.fail(new TypeError("no")),
        (run: Run) => {
          run.cancel();
          run.fail(run.signal.reason);
        },
      ];
      const ending = index % endings.length;
      const run = startRun({ name: "agent run", scope });
      expect1(run.span, ending === 0);
      const below = run.with(() => tracer.startSpan("chat model"));
      if (isHeadSampled(below)) expected.sampled.push(idOf(below));
      below.setStatus({ code: SpanStatusCode.ERROR }).end();
      endings[ending]?.(run);
    }
    for (let index = 0; index < runs / 6; index += 1) {
      const directory = createScope({ kind: "directory" });
      const run = startRun({ name: "agent run", scope: directory });
      const { signal } = run;
      const closes = index % 2 === 0;
      expect1(run.span, !closes);
      if (!closes) run.end();
      const action = startAction({ kind: "dispose", scope: directory });
      expect1(action.span, !closes);
      if (closes) run.fail(signal.reason);
      action.end();
    }
    await provider.forceFlush();

    const interrupts = exporter
      .getFinishedSpans()
      .filter(({ name }) => name.startsWith("interrupt "))
      .map(idOf);
    const { sampled, rescued } = sort(expected);
    expect(exportedIds(true)).toEqual(rescued);
    expect(exportedIds(undefined)).toEqual([...sampled, ...interrupts].sort());
    expect(exportedIds(false)).toEqual([]);
    // Each below its sampled action, and none below a rescued one.
    const actions = new Set(sampled);
    const parents = exporter
      .getFinishedSpans()
      .filter(({ name }) => name.startsWith("interrupt "))
      .map(({ parentSpanContext }) => actions.has(parentSpanContext?.spanId ?? ""));
    expect(parents.every(Boolean)).toBe(true);
    expect(expected.sampled.length > 0).toBe(ratio > 0);
    expect(expected.rescued.length > 0).toBe(ratio < 1);
  });
});

describe("what the head sampler dropped (rule 22)", () => {
  let tracer: Tracer;
  let flush: () => Promise<void>;

  beforeEach(() => {
    const registered = register(atRatio(0));
    tracer = registered.tracer;
    flush = () => registered.provider.forceFlush();
  });

  test("a run that failed is exported whole, and marked", async () => {
    startRun({ name: "agent run", scope, id: "r1" }).fail(new TypeError("no"));
    await flush();
    expect(documentNamed(exporter.getFinishedSpans(), "agent run")).toEqual({
      name: "agent run",
      parent: undefined,
      status: "ERROR",
      attributes: {
        [RESCUED]: true,
        "error.type": "TypeError",
        "lifecycle.run.id": "r1",
        "lifecycle.run.result": "failed",
        "lifecycle.scope.kind": "instance",
        "lifecycle.close.class": "error",
        "lifecycle.close.confidence": "high",
        "lifecycle.close.via": "error",
      },
      links: [],
    });
  });

  test("a run and its action are exported and link each other; interrupts and the request above are not", async () => {
    const run = startRun({ name: "agent run", scope });
    const { signal } = run;
    const request = tracer.startSpan("POST /global/dispose");
    context.with(trace.setSpan(context.active(), request), () =>
      withAction({ kind: "dispose", scope }, () => undefined),
    );
    run.fail(signal.reason);
    request.end();
    await flush();
    expect(exportedMarks()).toEqual(["agent run: true", "dispose instance: true"]);
    const spans = exporter.getFinishedSpans();
    expect(documentNamed(spans, "agent run").links).toEqual([
      { to: "span of dispose instance", as: "closed_by" },
    ]);
    expect(documentNamed(spans, "dispose instance").links).toEqual([
      { to: "span of agent run", as: "interrupts" },
    ]);
  });

  test.each<[string, () => void, readonly string[]]>([
    [
      "that interrupted nothing stays dropped",
      () => withAction({ kind: "reload", scope }, () => undefined),
      [],
    ],
    [
      "whose code threw is exported",
      () => {
        const action = startAction({ kind: "reload", scope });
        action.fail(new TypeError("no"));
      },
      ["reload instance: true"],
    ],
    [
      "whose runs all completed stays dropped",
      () => {
        const run = startRun({ name: "agent run", scope });
        const action = startAction({ kind: "reload", scope });
        run.end();
        action.end();
      },
      [],
    ],
  ])("an action %s", async (_title, act, marks) => {
    act();
    await flush();
    expect(exportedMarks()).toEqual(marks);
  });

  test("an action that gave up waiting for a run it had asked is exported", async () => {
    const run = startRun({ name: "agent run", scope });
    const action = startAction({ kind: "reload", scope, settleTimeoutMs: 1 });
    action.end();
    await action.settled;
    run.complete();
    run.end();
    await flush();
    expect(exportedMarks()).toEqual(["reload instance: true"]);
  });

  test("an action that is unsettled for its own code alone stays dropped", async () => {
    const action = startAction({
      kind: "shutdown",
      scope,
      interrupt: "record",
      settleTimeoutMs: 1,
    });
    await action.settled;
    await flush();
    expect(exportedMarks()).toEqual([]);
  });

  test.each<[string, (span: Span, run: Run) => void, readonly string[]]>([
    [
      "failed, ended by its owner",
      (span) => span.setStatus({ code: SpanStatusCode.ERROR }).end(),
      ["job: true"],
    ],
    ["completed", (span) => span.end(), []],
    [
      "failed by its code, and ended by its owner much later",
      (span, run) => {
        run.fail(new TypeError("no"));
        queueMicrotask(() => queueMicrotask(() => span.end()));
      },
      ["job: true"],
    ],
  ])("an adopted local root that %s", async (_title, end, marks) => {
    const span = tracer.startSpan("job");
    const run = startRun({ span, scope });
    end(span, run);
    await new Promise(setImmediate);
    await flush();
    expect(exportedMarks()).toEqual(marks);
  });

  test("an automatic run that failed is exported, and one that completed is not (rule 16)", async () => {
    for (const [name, code] of [
      ["GET /health", SpanStatusCode.UNSET],
      ["GET /orders", SpanStatusCode.ERROR],
    ] as const) {
      const span = tracer.startSpan(name);
      expect([span.isRecording(), isHeadSampled(span)]).toEqual([true, false]);
      span.setStatus({ code }).end();
    }
    await flush();
    expect(exportedMarks()).toEqual(["GET /orders: true"]);
  });

  test("what begins below a rescued run after its end stays dropped, at once and later", async () => {
    const run = startRun({ name: "agent run", scope });
    run.fail(new TypeError("no"));
    const flags = [run.with(() => tracer.startSpan("clean-up"))];
    await Promise.resolve();
    flags.push(run.with(() => tracer.startSpan("clean-up")));
    expect(flags.map((span) => [span.isRecording(), isHeadSampled(span)])).toEqual([
      [false, false],
      [false, false],
    ]);
    // What leaves from there carries no sampled flag either.
    expect(run.span.spanContext().traceFlags).toBe(TraceFlags.NONE);
    await flush();
    expect(exportedMarks()).toEqual(["agent run: true"]);
  });

  test("what is in flight at shutdown is exported, completed or not known to be", async () => {
    const run = startRun({ name: "agent run", scope });
    const provider = trace.getTracerProvider() as unknown as {
      getDelegate(): { shutdown(): Promise<void> };
    };
    await provider.getDelegate().shutdown();
    expect(run.close?.type).toBe("lifecycle_action");
    expect(exportedMarks()).toEqual(["agent run: true", "shutdown process: true"]);
  });

  test("interrupt spans are not even recorded", () => {
    const started: string[] = [];
    const watching: SpanProcessor = {
      onStart: ({ name }) => started.push(name),
      onEnd: () => undefined,
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    trace.disable();
    registerProvider([watching], { sampler: lifecycleSampler(new AlwaysOffSampler()) });
    const run = startRun({ name: "agent run", scope });
    const { signal } = run;
    withAction({ kind: "dispose", scope }, () => undefined);
    run.fail(signal.reason);
    expect(started).toEqual(["agent run", "dispose instance"]);
  });

  test("without our processor runs and actions are exported all the same", () => {
    const spans = [new SimpleSpanProcessor(exporter)];
    trace.disable();
    registerProvider(spans, { sampler: lifecycleSampler(new AlwaysOffSampler()) });
    const run = startRun({ name: "agent run", scope });
    const job = startRun({ span: trace.getTracer("jobs").startSpan("job"), scope });
    const { signal } = run;
    withAction({ kind: "dispose", scope }, () => undefined);
    run.fail(signal.reason);
    job.fail(new TypeError("no"));
    job.span.end();
    expect(exportedMarks()).toEqual(["agent run: true", "dispose instance: true", "job: true"]);
  });
});

describe("what is not of our making stays as it is (rule 22)", () => {
  test("a run that the inner sampler records and does not sample is not exported", async () => {
    const recording: Sampler = {
      shouldSample: () => ({ decision: SamplingDecision.RECORD }),
      toString: () => "recording",
    };
    const { provider } = register(recording);
    const run = startRun({ name: "agent run", scope });
    run.fail(new TypeError("no"));
    await provider.forceFlush();
    expect(exportedMarks()).toEqual([]);
    expect((run.span as unknown as ReadableSpan).attributes).not.toHaveProperty(RESCUED);
  });

  test.each([0, 1, 2])(
    "with an attribute limit of %d a run and its action are rescued",
    async (limit) => {
      const sampler = lifecycleSampler(new AlwaysOffSampler());
      const processors = [new LifecycleSpanProcessor(), new SimpleSpanProcessor(exporter)];
      registerProvider(processors, { sampler, spanLimits: { attributeCountLimit: limit } });
      const options = { scope, spanOptions: { attributes: { first: 1, second: 2, third: 3 } } };
      const run = startRun({ name: "agent run", ...options });
      startRun({ name: "completed run", ...options }).end();
      const { signal } = run;
      withAction({ kind: "dispose", ...options }, () => undefined);
      run.fail(signal.reason);
      expect(exportedMarks()).toEqual(["agent run: true", "dispose instance: true"]);
    },
  );

  test("a span whose context cannot be written costs its export, and is ended and stamped", async () => {
    capturedDiag();
    const { provider } = register(atRatio(0));
    const run = startRun({ name: "agent run", scope });
    Object.freeze(run.span.spanContext());
    run.fail(new TypeError("no"));
    await provider.forceFlush();
    expect(exportedMarks()).toEqual([]);
    expect(run.span.isRecording()).toBe(false);
    expect((run.span as unknown as ReadableSpan).attributes).toMatchObject({
      "lifecycle.run.result": "failed",
    });
  });
});
