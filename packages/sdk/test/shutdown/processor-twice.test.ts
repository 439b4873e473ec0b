import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { startRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { expect, test } from "vitest";
import { KeepingExporter, registerProvider } from "../tracing.ts";

test("our processor twice in a list loses nothing at shutdown (rules 21 and 38)", async () => {
  const exporter = new KeepingExporter();
  const ours = [new LifecycleSpanProcessor(), new LifecycleSpanProcessor()];
  const { provider, tracer } = registerProvider([...ours, new BatchSpanProcessor(exporter)]);
  startRun({ name: "agent run" }).with(() => tracer.startSpan("chat model"));
  await provider.shutdown();
  const names = exporter.getFinishedSpans().map((span) => span.name);
  expect(names.sort()).toEqual([
    "agent run",
    "chat model",
    "interrupt agent run",
    "shutdown process",
  ]);
});
