import { SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { lifecycleSnapshot, startRun } from "@otel-lifecycle/api";
import { beginShutdown, LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { within } from "../automatic/within.ts";
import {
  attributesNamed,
  closedBy,
  counts,
  documentNamed,
  documentsOf,
  inheritedFrom,
} from "../span-document.ts";
import { capturedDiag, KeepingExporter, registerProvider } from "../tracing.ts";
import { closedAtShutdown, SHUTDOWN, shutdownAction } from "./expected.ts";

let exporter: KeepingExporter;
let provider: NodeTracerProvider;
let tracer: Tracer;

beforeEach(() => {
  exporter = new KeepingExporter();
  const processors = [new LifecycleSpanProcessor(), new BatchSpanProcessor(exporter)];
  ({ provider, tracer } = registerProvider(processors));
});

afterEach(() => expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 }));

const exported = () => exporter.getFinishedSpans();
const atShutdown = inheritedFrom(SHUTDOWN, "shutdown", "runtime");

describe("roots that are open at the provider's shutdown are ended and exported (rules 17 and 21)", () => {
  test("with what is below them, whole", async () => {
    const root = tracer.startSpan("job", { kind: SpanKind.CONSUMER });
    within(root, () => tracer.startSpan("step"));
    await provider.shutdown();
    expect(documentsOf(exported())).toEqual([
      {
        name: "interrupt job",
        parent: `span of ${SHUTDOWN}`,
        status: "UNSET",
        attributes: {
          "lifecycle.interrupt.duration": "seconds",
          "lifecycle.interrupt.result": "stopped",
        },
        links: [{ to: "span of job", as: "interrupts" }],
      },
      {
        name: "job",
        parent: undefined,
        status: "UNSET",
        attributes: { "lifecycle.scope.kind": "process", ...closedAtShutdown },
        links: [{ to: `span of ${SHUTDOWN}`, as: "closed_by" }],
      },
      shutdownAction({ covered: 1, interrupted: 1 }, ["job"]),
      { name: "step", parent: "span of job", status: "UNSET", attributes: atShutdown, links: [] },
    ]);
  });

  test("a status that was set stays, and the shutdown closed it all the same", async () => {
    const root = tracer.startSpan("job");
    root.setStatus({ code: SpanStatusCode.ERROR });
    await provider.shutdown();
    expect(documentNamed(exported(), "job")).toMatchObject({
      status: "ERROR",
      attributes: closedAtShutdown,
    });
  });

  test("one that left its place inherits from the run below it, which counts once", async () => {
    const root = tracer.startSpan("POST /messages");
    within(root, () => {
      startRun({ name: "agent run" });
      tracer.startSpan("step");
    });
    await provider.shutdown();
    expect(attributesNamed(exported(), "POST /messages")).toEqual(atShutdown);
    expect(attributesNamed(exported(), "agent run")).toMatchObject(closedAtShutdown);
    expect(exported().map(({ name }) => name)).toContain("step");
    expect(attributesNamed(exported(), SHUTDOWN)).toMatchObject(
      counts({ covered: 1, interrupted: 1 }),
    );
  });

  test("one whose run had completed inherits from the shutdown, which covered no run", async () => {
    const root = tracer.startSpan("POST /messages");
    within(root, () => startRun({ name: "agent run" })).end();
    await provider.shutdown();
    expect(documentsOf(exported())).toMatchObject([
      { name: "POST /messages", attributes: atShutdown, links: [] },
      { name: "agent run", attributes: { "lifecycle.run.result": "completed" } },
      shutdownAction({ covered: 0 }, []),
    ]);
  });

  test("one whose run was closed before keeps what it inherited from that", async () => {
    const root = tracer.startSpan("POST /messages");
    const run = within(root, () => startRun({ name: "agent run" }));
    run.cancel();
    run.fail(run.signal.reason);
    await provider.shutdown();
    expect(attributesNamed(exported(), "POST /messages")).toEqual({
      "lifecycle.close.inherited_class": "user_cancel",
    });
  });

  test("a root that is not a run, by selection, is none of its business", async () => {
    const other = new KeepingExporter();
    const ours = new LifecycleSpanProcessor({ automaticRuns: false });
    const plain = registerProvider([ours, new BatchSpanProcessor(other)]);
    const span = plain.tracer.startSpan("job");
    await plain.provider.shutdown();
    expect([span.isRecording(), other.getFinishedSpans()]).toEqual([true, []]);
  });

  test("what begins afterwards is no run any more", async () => {
    await provider.shutdown();
    const late = tracer.startSpan("late");
    expect(lifecycleSnapshot().runs).toBe(0);
    late.end();
  });

  test("ends of their owners that come later change nothing", async () => {
    const root = tracer.startSpan("job");
    const step = within(root, () => tracer.startSpan("step"));
    await provider.shutdown();
    const before = documentsOf(exported());
    step.end();
    root.setStatus({ code: SpanStatusCode.ERROR }).end();
    expect(documentsOf(exported())).toEqual(before);
  });

  test("our processor twice in the list ends each of them once", async () => {
    trace.disable();
    const kept = new KeepingExporter();
    const twice = [new LifecycleSpanProcessor(), new LifecycleSpanProcessor()];
    const second = registerProvider([...twice, new BatchSpanProcessor(kept)]);
    within(second.tracer.startSpan("job"), () => second.tracer.startSpan("step"));
    await second.provider.shutdown();
    const names = kept.getFinishedSpans().map(({ name }) => name);
    expect(names.sort()).toEqual(["interrupt job", "job", SHUTDOWN, "step"]);
  });
});

describe("roots that left their place, at a shutdown that is not theirs to be ended in (rule 21)", () => {
  test("those of another provider go on", async () => {
    const other = new NodeTracerProvider({
      spanProcessors: [new LifecycleSpanProcessor(), new BatchSpanProcessor(new KeepingExporter())],
    });
    const root = other.getTracer("host").startSpan("POST /messages");
    within(root, () => startRun({ name: "agent run" })).end();
    await provider.shutdown();
    expect(root.isRecording()).toBe(true);
    root.end();
    await other.shutdown();
  });

  test("behind a processor that exports they are lost, and that is said", async () => {
    const lines = capturedDiag();
    const behind = new NodeTracerProvider({
      spanProcessors: [new BatchSpanProcessor(exporter), new LifecycleSpanProcessor()],
    });
    const root = behind.getTracer("host").startSpan("POST /messages");
    within(root, () => startRun({ name: "agent run" })).end();
    const before = lines.length;
    await behind.shutdown();
    expect([root.isRecording(), lines.slice(before)]).toEqual([
      true,
      [expect.stringContaining("what was open at shutdown is lost")],
    ]);
    root.end();
  });
});

describe("the shutdown that was begun is the one that closes (rule 19)", () => {
  const trigger = { trigger: "signal", signal: "SIGTERM", operation: "process.exit" } as const;
  const bySignal = closedBy(SHUTDOWN, "shutdown", "signal");

  test("later triggers are the same action, and what drains meanwhile has completed", async () => {
    const drained = tracer.startSpan("drained");
    tracer.startSpan("open");
    const shutdown = beginShutdown(trigger);
    expect(beginShutdown({ trigger: "runtime" })).toBe(shutdown);
    drained.end();
    await provider.shutdown();
    expect(attributesNamed(exported(), "drained")).toEqual({
      "lifecycle.scope.kind": "process",
      "lifecycle.run.result": "completed",
    });
    expect(attributesNamed(exported(), "open")).toMatchObject({
      ...bySignal,
      "lifecycle.close.via": "shutdown",
    });
    expect(attributesNamed(exported(), SHUTDOWN)).toMatchObject({
      "lifecycle.action.trigger": "signal",
      "lifecycle.action.signal": "SIGTERM",
      "lifecycle.action.operation": "process.exit",
      "lifecycle.action.result": "completed",
      ...counts({ covered: 2, interrupted: 1, completed: 1 }),
    });
  });

  test("what begins after it is covered by it too (rule 4)", async () => {
    beginShutdown(trigger);
    tracer.startSpan("late");
    await provider.shutdown();
    expect(attributesNamed(exported(), "late")).toMatchObject(bySignal);
    expect(attributesNamed(exported(), SHUTDOWN)).toMatchObject(
      counts({ covered: 1, interrupted: 1 }),
    );
  });

  test("a root that leaves its place while it is under way counts once (rule 18)", async () => {
    const root = tracer.startSpan("POST /messages");
    beginShutdown(trigger);
    within(root, () => startRun({ name: "agent run" }));
    await provider.shutdown();
    expect(attributesNamed(exported(), SHUTDOWN)).toMatchObject({
      "lifecycle.action.result": "completed",
      ...counts({ covered: 1, interrupted: 1 }),
    });
  });
});

test("what began below a root before that was adopted is ended with the rest (rule 21)", async () => {
  const root = tracer.startSpan("POST /messages");
  const step = within(root, () => tracer.startSpan("step"));
  startRun({ span: root });
  await provider.shutdown();
  expect([step.isRecording(), exported().map(({ name }) => name)]).toEqual([
    false,
    [SHUTDOWN, "POST /messages", "interrupt POST /messages", "step"],
  ]);
});
