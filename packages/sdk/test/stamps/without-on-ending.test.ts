import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { createScope, lifecycleSnapshot, startAction, startRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { expect, test } from "vitest";
import { registerProvider } from "../tracing.ts";

/** As an SDK before 2.3 sees it: one that knows of no `onEnding`. */
class ProcessorOfBefore extends LifecycleSpanProcessor {
  override onEnding(): void {}
}

test("where the SDK has no onEnding, an adopted span still lets go of its run (rule 10)", async () => {
  const exporter = new InMemorySpanExporter();
  const processors = [new ProcessorOfBefore(), new SimpleSpanProcessor(exporter)];
  const { tracer } = registerProvider(processors);
  const scope = createScope({ kind: "instance" });
  const span = tracer.startSpan("invoke_agent planner");
  const run = startRun({ span, scope });
  const action = startAction({ kind: "dispose", scope });
  span.end();
  action.end();
  await action.settled;
  expect(run.close).toEqual({ type: "completed" });
  expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 });
});
