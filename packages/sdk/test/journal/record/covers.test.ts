import { context, type Span, trace } from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
} from "@opentelemetry/sdk-trace-node";
import { createScope, processScope, startAction, startRun, withScope } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { expect, test, vi } from "vitest";
import { namesOf, recordsOf, setUp } from "./journalling.ts";
import { attributesOf, killedNow } from "./killed.ts";

/** Drops actions alone, or records them without sampling them. */
const without = (decision: SamplingDecision): Sampler => ({
  shouldSample: (...[, , , , attributes]) => ({
    decision: "lifecycle.action.id" in attributes ? decision : SamplingDecision.RECORD_AND_SAMPLED,
  }),
  toString: () => "without actions",
});

const DROPPED = { sampler: without(SamplingDecision.NOT_RECORD) };

test.each([
  ["dropped", SamplingDecision.NOT_RECORD],
  ["recorded, and did not sample", SamplingDecision.RECORD],
])(
  "rule 2: an action that the sampler has %s covers its runs, and is not exported",
  async (_, decision) => {
    const { journal } = setUp({ config: { sampler: without(decision) } });
    const scope = createScope({ kind: "instance" });
    startRun({ name: "agent run", scope });
    const action = startAction({ kind: "dispose", scope, trigger: "http" });
    const spans = await killedNow(journal.path);
    expect(spans.map(({ name }) => name)).toEqual(["agent run"]);
    expect(attributesOf(spans, "agent run")).toMatchObject({
      "lifecycle.run.result": "lost",
      "lifecycle.close.class": "lifecycle_action",
      "lifecycle.close.action.id": action.id,
      "lifecycle.close.action.kind": "dispose",
      "lifecycle.close.action.trigger": "http",
      "lifecycle.close.action.span_id": action.span.spanContext().spanId,
    });
  },
);

test("what is said of one that was dropped is its own word, and it is not sampled", () => {
  const { journal } = setUp({ config: DROPPED });
  const parent = startAction({ kind: "reload", trigger: "cli", scope: processScope() });
  const scope = createScope({ kind: "instance", key: "a", exportKey: true });
  const options = { kind: "dispose", scope, operation: "POST /dispose" } as const;
  const action = parent.with(() => startAction(options));
  const { traceId, spanId } = action.span.spanContext();
  expect(recordsOf(journal.path)[1]?.body).toEqual({
    src: 0,
    t: traceId,
    s: spanId,
    f: 0,
    n: "dispose instance",
    k: 0,
    st: [expect.any(Number), expect.any(Number)],
    a: {
      "lifecycle.scope.kind": "instance",
      "lifecycle.scope.key": expect.any(String),
      "lifecycle.action.id": action.id,
      "lifecycle.action.kind": "dispose",
      "lifecycle.action.trigger": "cli",
      "lifecycle.action.parent_id": parent.id,
      "lifecycle.action.root_id": parent.id,
    },
    c: expect.objectContaining({ id: action.id, operation: "POST /dispose" }),
  });
});

test("when its code is done it covers nothing new, and once it is over it is let go", async () => {
  const { journal } = setUp({ config: DROPPED });
  const scope = createScope({ kind: "instance" });
  const before = startRun({ name: "before", scope });
  const action = startAction({ kind: "dispose", scope });
  action.end();
  startRun({ name: "after", scope });
  expect(namesOf(journal.path)).toEqual(["B2", "B3", "D3", "B4"]);
  const spans = await killedNow(journal.path);
  expect(attributesOf(spans, "before")["lifecycle.close.action.id"]).toBe(action.id);
  expect(attributesOf(spans, "after")["lifecycle.close.class"]).toBe("process_lost");
  before.end();
  await action.settled;
  expect(namesOf(journal.path).slice(4)).toEqual(["E2", "A 3"]);
});

test("an action of another provider covers runs of this one, without a word on its span", async () => {
  const { journal, tracer } = setUp();
  const other = new BasicTracerProvider({ spanProcessors: [new LifecycleSpanProcessor()] });
  tracer.startSpan("GET /orders");
  trace.disable();
  trace.setGlobalTracerProvider(other);
  const action = startAction({ kind: "reload", scope: processScope() });
  const spans = await killedNow(journal.path);
  expect(spans.map(({ name }) => name)).toEqual(["GET /orders"]);
  expect(spans[0]?.attributes["lifecycle.close.action.id"]).toBe(action.id);
});

test("an action without a span covers runs, and no span is named", async () => {
  const { journal, tracer } = setUp();
  tracer.startSpan("GET /orders");
  trace.disable();
  const action = startAction({ kind: "reload", scope: processScope() });
  const [run, ...others] = await killedNow(journal.path);
  expect(others).toEqual([]);
  expect(run?.attributes["lifecycle.close.action.id"]).toBe(action.id);
  expect(run?.attributes).not.toHaveProperty("lifecycle.close.action.span_id");
  expect(run?.links).toEqual([]);
});

test("a span that an action without one has from its parent is not exported twice", async () => {
  const { journal, tracer } = setUp();
  const root: Span = tracer.startSpan("GET /orders");
  trace.disable();
  const action = context.with(trace.setSpan(context.active(), root), () =>
    startAction({ kind: "reload", scope: processScope() }),
  );
  expect(action.span.spanContext()).toEqual(root.spanContext());
  const spans: readonly ReadableSpan[] = await killedNow(journal.path);
  expect(spans.map(({ name }) => name)).toEqual(["GET /orders"]);
});

test("nothing is there of actions and runs that were all dropped, once they are over", async () => {
  const { journal } = setUp({ config: { sampler: new AlwaysOffSampler() } });
  const run = startRun({ name: "agent run" });
  const action = startAction({ kind: "reload", scope: processScope() });
  run.end();
  action.end();
  await action.settled;
  expect(journal.isNeeded).toBe(false);
});

test("rule 21: a root span that is lost carries the scope that its end would have given it", async () => {
  const processor = new LifecycleSpanProcessor({
    automaticRuns: {
      scope: (span) => (Reflect.get(span, "name") === "scoped" ? scope : undefined),
    },
  });
  const scope = createScope({ kind: "tenant", key: "blue", exportKey: true });
  const { journal, tracer } = setUp({ options: { processor } });
  const spans = ["scoped", "plain"].map((name) => tracer.startSpan(name));
  const lost = await killedNow(journal.path);
  for (const span of spans) span.end();
  for (const name of ["scoped", "plain"]) {
    const living = spans.find((span) => Reflect.get(span, "name") === name);
    const { "lifecycle.scope.kind": kind, "lifecycle.scope.key": key } = Object(living).attributes;
    expect(kind).toBe(name === "scoped" ? "tenant" : "process");
    expect(attributesOf(lost, name)["lifecycle.scope.kind"]).toBe(kind);
    expect(attributesOf(lost, name)["lifecycle.scope.key"]).toBe(key);
  }
});

test("one that left its place has no scope, as when it ends by itself", async () => {
  const { journal, tracer } = setUp();
  const scope = createScope({ kind: "tenant" });
  const root = withScope(scope, () => tracer.startSpan("GET /orders"));
  context.with(trace.setSpan(context.active(), root), () => startRun({ name: "inner" }).end());
  expect(attributesOf(await killedNow(journal.path), "GET /orders")).toEqual({
    "lifecycle.close.inherited_class": "process_lost",
  });
  root.end();
  expect(attributesOf(await killedNow(journal.path), "GET /orders")).toEqual({});
});

/** Nothing runs in between: the timers of deadlines that pass fire late. */
const blockFor = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

test("rule 3: a deadline that was due before an action closes the run, though its timer fired after", async () => {
  const { journal } = setUp();
  const scope = createScope({ kind: "instance" });
  const late = startRun({ name: "late run", scope, timeoutMs: 5 });
  const inTime = startRun({ name: "run in time", scope, timeoutMs: 60_000 });
  blockFor(10);
  const action = startAction({ kind: "dispose", scope });
  // By then nobody had told it of its deadline.
  const untold = await killedNow(journal.path);
  await vi.waitFor(() => expect(namesOf(journal.path)).toContain("C2"));
  const spans = await killedNow(journal.path);
  expect(attributesOf(untold, "late run")["lifecycle.close.action.id"]).toBe(action.id);
  expect(attributesOf(spans, "late run")["lifecycle.close.class"]).toBe("timeout");
  expect(attributesOf(spans, "run in time")["lifecycle.close.action.id"]).toBe(action.id);
  inTime.end();
  late.end();
});

test.each([
  ["sampled", {}],
  ["dropped", DROPPED],
])(
  "an action that is %s covers its runs also where the journal has no room for more of them",
  async (_, config) => {
    const { journal } = setUp({ config, options: { maxBytes: MIB } });
    const scope = createScope({ kind: "instance" });
    const many = Math.ceil(MIB / 200);
    for (let count = 0; count < many; count += 1) startRun({ name: "agent run", scope });
    const action = startAction({ kind: "dispose", scope });
    const lost = (await killedNow(journal.path)).filter(({ name }) => name === "agent run");
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThan(many);
    const closers = new Set(lost.map(({ attributes }) => attributes["lifecycle.close.action.id"]));
    expect([...closers]).toEqual([action.id]);
  },
);

const MIB = 1024 * 1024;

// The last one, because its cover stays.
test("a shutdown that was dropped covers for good, and leaves no journal behind", async () => {
  const { journal, provider } = setUp({ config: DROPPED });
  const run = startRun({ name: "agent run" });
  const action = startAction({ kind: "shutdown", scope: processScope() });
  action.end();
  startRun({ name: "after" }).end();
  run.end();
  await action.settled;
  startRun({ name: "late run" });
  const late = attributesOf(await killedNow(journal.path), "late run");
  expect(late["lifecycle.close.action.id"]).toBe(action.id);
  await provider.shutdown();
  expect(journal.isNeeded).toBe(false);
});
