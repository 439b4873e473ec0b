import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { createScope, type Scope, startRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { attributesNamed, counts } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

const withOurs = (exporter: KeepingExporter) => [
  new LifecycleSpanProcessor(),
  new BatchSpanProcessor(exporter),
];

let exporter: KeepingExporter;
let otherExporter: KeepingExporter;
let provider: NodeTracerProvider;
let other: NodeTracerProvider;
let scope: Scope;

beforeEach(() => {
  exporter = new KeepingExporter();
  otherExporter = new KeepingExporter();
  ({ provider } = registerProvider(withOurs(exporter)));
  other = new NodeTracerProvider({ spanProcessors: withOurs(otherExporter) });
  scope = createScope({ kind: "instance" });
});

const namesIn = (kept: KeepingExporter) => kept.getFinishedSpans().map((span) => span.name);

describe("a provider that shuts down ends nothing of another one's (rule 21)", () => {
  test("its own runs are not ended by the other's shutdown", async () => {
    const run = startRun({ name: "agent run", scope });
    await other.shutdown();
    expect([run.close, run.span.isRecording(), namesIn(exporter)]).toEqual([undefined, true, []]);
    run.end();
  });

  test("a span of the other's that was adopted goes on, and is exported when its owner ends it", async () => {
    const own = startRun({ name: "agent run", scope });
    const span = other.getTracer("host").startSpan("invoke_agent planner");
    const adopted = startRun({ span, scope });
    await provider.shutdown();
    const atShutdown = [own.close?.type, adopted.close?.type, span.isRecording()];
    span.end();
    await other.forceFlush();
    expect(atShutdown).toEqual(["lifecycle_action", undefined, true]);
    expect(attributesNamed(otherExporter.getFinishedSpans(), "invoke_agent planner")).toEqual({
      "lifecycle.scope.kind": "instance",
      "lifecycle.run.result": "completed",
    });
  });

  test("a span of the other's below a run goes on", async () => {
    const run = startRun({ name: "agent run", scope });
    const span = run.with(() => other.getTracer("host").startSpan("chat model"));
    await provider.shutdown();
    expect([run.close?.type, span.isRecording()]).toEqual(["lifecycle_action", true]);
    span.end();
  });

  test("an adopted span is ended by the shutdown of its own provider", async () => {
    const span = other.getTracer("host").startSpan("invoke_agent planner");
    const run = startRun({ span, scope });
    await other.shutdown();
    expect(run.close).toMatchObject({ type: "lifecycle_action", via: "shutdown" });
    expect(namesIn(otherExporter)).toEqual(["invoke_agent planner"]);
  });

  test("the runs that are not its to end are counted as such", async () => {
    startRun({ name: "agent run", scope });
    const span = other.getTracer("host").startSpan("invoke_agent planner");
    const adopted = startRun({ span, scope });
    await provider.shutdown();
    const action = attributesNamed(exporter.getFinishedSpans(), "shutdown process");
    expect(action).toMatchObject(counts({ covered: 2, interrupted: 1, unsettled: 1 }));
    adopted.end();
    span.end();
  });
});
