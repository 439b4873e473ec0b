import { type Context, ROOT_CONTEXT, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  currentRun,
  lifecycleSnapshot,
  startRun,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { type AutomaticRunOptions, LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { describe, expect, test } from "vitest";
import { attributesNamed, documentsOf } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

const exporter = new KeepingExporter();

const register = (automaticRuns: boolean | AutomaticRunOptions = true): Tracer => {
  exporter.reset();
  const processors = [
    new LifecycleSpanProcessor({ automaticRuns }),
    new SimpleSpanProcessor(exporter),
  ];
  return registerProvider(processors).tracer;
};

const exported = (name: string) => attributesNamed(exporter.getFinishedSpans(), name);
const inFlight = () => lifecycleSnapshot().runs;

const below = (isRemote: boolean): Context =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    traceFlags: 1,
    isRemote,
  });

const completed = { "lifecycle.scope.kind": "process", "lifecycle.run.result": "completed" };

describe("every local root span is a run, without a line of code (rule 16)", () => {
  test.each<[string, Context, object]>([
    ["one without a parent", ROOT_CONTEXT, completed],
    ["one whose parent is in another process", below(true), completed],
    ["none that has its parent here", below(false), {}],
  ])("%s", (_title, parent, attributes) => {
    const tracer = register();
    const span = tracer.startSpan("job", {}, parent);
    expect(inFlight()).toBe(attributes === completed ? 1 : 0);
    span.end();
    expect(inFlight()).toBe(0);
    expect(exported("job")).toEqual(attributes);
  });

  test.each(Object.values(SpanKind).filter((kind) => typeof kind === "number"))(
    "of kind %s",
    (kind) => {
      register().startSpan("job", { kind }).end();
      expect(exported("job")).toEqual(completed);
    },
  );

  test("a job, whole: result and scope on the root, nothing on what is below it", () => {
    const tracer = register();
    tracer.startActiveSpan("job", (job) => {
      tracer.startSpan("step").end();
      job.end();
    });
    const plain = { status: "UNSET", links: [] };
    expect(documentsOf(exporter.getFinishedSpans())).toEqual([
      { ...plain, name: "job", parent: undefined, attributes: completed },
      { ...plain, name: "step", parent: "span of job", attributes: {} },
    ]);
  });

  test("scope and result come at its end, since its sampler has decided by then", () => {
    const tracer = register();
    const job = tracer.startSpan("job");
    expect(job).toMatchObject({ attributes: {} });
    job.end();
    expect(exported("job")).toEqual(completed);
  });

  test("it is nobody's current run: there is nothing that it could be asked", () => {
    register().startActiveSpan("job", (job) => {
      expect(currentRun()).toBeUndefined();
      job.end();
    });
  });

  test("a root span begun inside a run is a run of its own, in the scope of that one", () => {
    const tracer = register();
    const scope = createScope({ kind: "instance" });
    withRun({ name: "agent run", scope }, () => {
      tracer.startActiveSpan("job", { root: true }, (job) => {
        expect([inFlight(), currentRun()]).toEqual([2, undefined]);
        tracer.startSpan("step").end();
        job.end();
      });
      expect(currentRun()?.name).toBe("agent run");
    });
    expect(exported("job")).toEqual({ ...completed, "lifecycle.scope.kind": "instance" });
    expect(inFlight()).toBe(0);
  });

  test("it follows no run in whose context it began", () => {
    const tracer = register();
    const run = startRun({ name: "agent run" });
    const job = run.with(() => tracer.startSpan("job", { root: true }));
    run.cancel();
    run.fail(run.signal.reason);
    job.end();
    expect(exported("job")).toEqual(completed);
  });

  test("the spans of runs, actions and interrupts are none", () => {
    register();
    const scope = createScope({ kind: "instance" });
    const run = startRun({ name: "agent run", scope });
    withAction({ kind: "dispose", scope }, () => expect(inFlight()).toBe(1));
    run.fail(run.signal.reason);
    expect(inFlight()).toBe(0);
    const results = exporter
      .getFinishedSpans()
      .map(({ name, attributes }) => [name, attributes["lifecycle.run.result"]]);
    expect(results.sort()).toEqual([
      ["agent run", "interrupted"],
      ["dispose instance", undefined],
      ["interrupt agent run", undefined],
    ]);
  });

  test("none at all where the option is false", () => {
    const tracer = register(false);
    const job = tracer.startSpan("job", { kind: SpanKind.SERVER });
    expect(inFlight()).toBe(0);
    job.end();
    expect(exported("job")).toEqual({});
  });
});

describe("which of them are can be selected (rule 16)", () => {
  test.each<[string, AutomaticRunOptions, readonly string[]]>([
    ["everything, by no option", {}, ["GET /jobs", "consume", "tick"]],
    ["by kind", { kinds: [SpanKind.SERVER, SpanKind.CONSUMER] }, ["GET /jobs", "consume"]],
    ["by name", { names: ["tick"] }, ["tick"]],
    ["by a pattern", { names: [/^GET /, "tick"] }, ["GET /jobs", "tick"]],
    ["by a function", { select: (span) => nameOf(span) !== "tick" }, ["GET /jobs", "consume"]],
    ["by all that is given at once", { kinds: [SpanKind.SERVER], names: ["tick"] }, []],
    ["nothing, by an empty list", { kinds: [] }, []],
  ])("%s", (_title, options, expected) => {
    const tracer = register(options);
    tracer.startSpan("GET /jobs", { kind: SpanKind.SERVER }).end();
    tracer.startSpan("consume", { kind: SpanKind.CONSUMER }).end();
    tracer.startSpan("tick").end();
    const selected = exporter
      .getFinishedSpans()
      .filter(({ attributes }) => attributes["lifecycle.run.result"] === "completed");
    expect(selected.map(({ name }) => name)).toEqual(expected);
  });

  test("a pattern with state, or a frozen one, selects every span alike", () => {
    for (const pattern of [/job/g, /job/y, Object.freeze(/job/)]) {
      const tracer = register({ names: [pattern] });
      tracer.startSpan("job 1").end();
      tracer.startSpan("job 2").end();
      expect([exported("job 1"), exported("job 2")]).toEqual([completed, completed]);
    }
  });

  test("a run below a root that is not selected is one by itself, and leaves that nothing", () => {
    const tracer = register({ select: () => false });
    tracer.startActiveSpan("job", (job) => {
      const run = startRun({ name: "agent run" });
      run.cancel();
      run.fail(run.signal.reason);
      job.end();
    });
    expect(exported("job")).toEqual({});
    expect(exported("agent run")).toMatchObject({ "lifecycle.close.class": "user_cancel" });
  });
});

describe("the scope of one is the current one, a resolver's, or the process (rule 16)", () => {
  const tenant = createScope({ kind: "tenant" });
  const instance = createScope({ kind: "instance" });
  test.each<[string, AutomaticRunOptions, string]>([
    ["the resolver's", { scope: () => tenant }, "tenant"],
    ["the current one, if the resolver gives none", { scope: () => undefined }, "instance"],
    ["the current one, without a resolver", {}, "instance"],
  ])("%s", (_title, options, kind) => {
    const tracer = register(options);
    withRun({ name: "agent run", scope: instance }, () =>
      tracer.startSpan("job", { root: true }).end(),
    );
    expect(exported("job")).toEqual({ ...completed, "lifecycle.scope.kind": kind });
  });

  test("the resolver sees the attributes with which the span starts", () => {
    const tracer = register({
      scope: (span) => createScope({ kind: "tenant", key: tenantOf(span), exportKey: true }),
    });
    const attributes = { "tenant.id": "acme" };
    const job = tracer.startSpan("job", { attributes });
    const scope = createScope({ kind: "tenant", key: "acme", exportKey: true });
    withAction({ kind: "dispose", scope }, () => job.end());
    expect(exported("job")).toEqual({
      ...attributes,
      "lifecycle.scope.kind": "tenant",
      "lifecycle.scope.key": expect.stringMatching(/^[0-9a-f]{16}$/),
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.class": "lifecycle_action",
      "lifecycle.close.confidence": "medium",
      "lifecycle.close.via": expect.any(String),
      "lifecycle.close.action.id": "id of dispose tenant",
      "lifecycle.close.action.kind": "dispose",
      "lifecycle.close.action.trigger": "unknown",
      "lifecycle.close.action.trace_id": "trace of dispose tenant",
      "lifecycle.close.action.span_id": "span of dispose tenant",
    });
  });
});

describe("an automatic run has no return value: its span's end is all that is known (rule 17)", () => {
  test.each<[string, Parameters<ReturnType<Tracer["startSpan"]>["setStatus"]>[0], object]>([
    ["UNSET", { code: 0 }, completed],
    ["OK", { code: 1 }, completed],
    [
      "ERROR",
      { code: 2, message: "secret" },
      {
        "lifecycle.scope.kind": "process",
        "lifecycle.run.result": "failed",
        "lifecycle.close.class": "error",
        "lifecycle.close.confidence": "high",
        "lifecycle.close.via": "error",
      },
    ],
  ])("status %s", (_title, status, attributes) => {
    const job = register().startSpan("job");
    job.setStatus(status).end();
    expect(exported("job")).toEqual(attributes);
    expect(exporter.getFinishedSpans()[0]?.status).toEqual(status);
  });
});

describe("our processor twice, or at two providers (rules 16 and 38)", () => {
  test("twice in one list a span is one run", () => {
    exporter.reset();
    const ours = [new LifecycleSpanProcessor(), new LifecycleSpanProcessor()];
    const { tracer } = registerProvider([...ours, new SimpleSpanProcessor(exporter)]);
    const job = tracer.startSpan("job");
    expect(inFlight()).toBe(1);
    job.end();
    expect([inFlight(), exported("job")]).toEqual([0, completed]);
  });

  test("each takes the roots of its own provider", () => {
    const tracer = register();
    const other = new KeepingExporter();
    const second = registerProvider([
      new LifecycleSpanProcessor(),
      new SimpleSpanProcessor(other),
    ]).tracer;
    const [one, two] = [tracer.startSpan("one"), second.startSpan("two")];
    expect(inFlight()).toBe(2);
    one.end();
    two.end();
    expect(inFlight()).toBe(0);
    expect([exported("one"), attributesNamed(other.getFinishedSpans(), "two")]).toEqual([
      completed,
      completed,
    ]);
  });
});

const nameOf = (span: object): unknown => (span as { readonly name?: unknown }).name;

const tenantOf = (span: object): string => {
  const { attributes } = span as { readonly attributes: Record<string, unknown> };
  return String(attributes["tenant.id"]);
};
