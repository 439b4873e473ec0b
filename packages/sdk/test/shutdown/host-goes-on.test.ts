import type { Tracer } from "@opentelemetry/api";
import { BatchSpanProcessor, type NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { createScope, lifecycleSnapshot, type Scope, withRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { within } from "../automatic/within.ts";
import { documentsOf } from "../span-document.ts";
import { capturedDiag, KeepingExporter, registerProvider } from "../tracing.ts";

let exporter: KeepingExporter;
let provider: NodeTracerProvider;
let tracer: Tracer;
let scope: Scope;

beforeEach(() => {
  exporter = new KeepingExporter();
  const processors = [new LifecycleSpanProcessor(), new BatchSpanProcessor(exporter)];
  ({ provider, tracer } = registerProvider(processors));
  scope = createScope({ kind: "instance" });
});

const exported = () => exporter.getFinishedSpans();

describe("the host's functions go on, and their later ends do nothing (invariant 3)", () => {
  test("a run's function returns its own result, and was not asked to stop", async () => {
    let finish = (_result: string): void => undefined;
    let aborted: boolean | undefined;
    const result = withRun({ name: "agent run", scope }, async (run) => {
      const span = tracer.startSpan("chat model");
      const answer = await new Promise<string>((resolve) => {
        finish = resolve;
      });
      aborted = run.signal.aborted;
      span.end();
      return answer;
    });
    await provider.shutdown();
    const before = documentsOf(exported());
    finish("its own");
    expect([await result, aborted]).toEqual(["its own", false]);
    expect(documentsOf(exported())).toEqual(before);
    expect(lifecycleSnapshot().runs).toBe(0);
  });

  test("nor does the SDK complain of them, as it does of what is ended twice", async () => {
    const complaints = capturedDiag();
    const root = tracer.startSpan("GET");
    const below = within(root, () => tracer.startSpan("query"));
    await provider.shutdown();
    below.end();
    root.end();
    expect(complaints).toEqual([]);
    expect(exported().length).toBe(4);
  });

  test("a run that fails later throws its own error, and stays what the shutdown made it", async () => {
    let fail = (_error: Error): void => undefined;
    const result = withRun(
      { name: "agent run", scope },
      () => new Promise<never>((_resolve, reject) => (fail = reject)),
    );
    await provider.shutdown();
    const before = documentsOf(exported());
    const error = new Error("its own");
    fail(error);
    await expect(result).rejects.toBe(error);
    expect(documentsOf(exported())).toEqual(before);
  });
});
