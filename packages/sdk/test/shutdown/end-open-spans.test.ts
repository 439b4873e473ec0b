import type { Tracer } from "@opentelemetry/api";
import { BatchSpanProcessor, type NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { lifecycleSnapshot, startRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { within } from "../automatic/within.ts";
import { capturedDiag, KeepingExporter, registerProvider } from "../tracing.ts";
import { SHUTDOWN } from "./expected.ts";

// One process, one shutdown that never lapses: the order of these tests matters.

let exporter: KeepingExporter;
let processor: LifecycleSpanProcessor;
let provider: NodeTracerProvider;
let tracer: Tracer;

beforeEach(() => {
  exporter = new KeepingExporter();
  processor = new LifecycleSpanProcessor();
  const processors = [processor, new BatchSpanProcessor(exporter)];
  ({ provider, tracer } = registerProvider(processors));
});

afterEach(() => expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 }));

const exported = () => exporter.getFinishedSpans();

describe("endOpenSpans ends what is open in slices, and says whether there is more (rules 20 and 21)", () => {
  test("nothing where nothing is open", async () => {
    expect(processor.endOpenSpans(1)).toBe(false);
    await provider.forceFlush();
    expect(exported()).toEqual([]);
  });

  test("in the order of what matters: action, runs, interrupts, roots, what is below", async () => {
    const root = tracer.startSpan("POST /messages");
    within(root, () => {
      startRun({ name: "agent run" }).with(() => tracer.startSpan("chat"));
      tracer.startSpan("step");
    });
    let slices = 1;
    while (processor.endOpenSpans(1)) slices += 1;
    await provider.forceFlush();
    const names = exported().map(({ name }) => name);
    expect(names.slice(0, 4)).toEqual([
      SHUTDOWN,
      "agent run",
      "interrupt agent run",
      "POST /messages",
    ]);
    expect(names.slice(4).sort()).toEqual(["chat", "step"]);
    expect(slices).toBeLessThanOrEqual(names.length + 1);
  });

  test("what begins later is closed by the same shutdown, for the process goes away (rule 19)", async () => {
    const late = tracer.startSpan("late");
    expect(processor.endOpenSpans(1)).toBe(false);
    expect(late.isRecording()).toBe(false);
    await provider.forceFlush();
    expect(
      exported().map(({ name, attributes }) => [name, attributes["lifecycle.close.via"]]),
    ).toEqual([["late", "shutdown"]]);
  });

  test.each([0, -1, Number.NaN])("none of them for a limit of %s, and there are more", (limit) => {
    const job = tracer.startSpan("job");
    expect([processor.endOpenSpans(limit), job.isRecording()]).toEqual([true, true]);
    while (processor.endOpenSpans(10));
    expect(job.isRecording()).toBe(false);
  });

  test("no more of them than it is told", async () => {
    for (let number = 0; number < 10; number += 1) tracer.startSpan("job");
    expect(processor.endOpenSpans(4)).toBe(true);
    await provider.forceFlush();
    const jobs = exported().filter(({ name }) => name === "job");
    expect(jobs).toHaveLength(4);
    expect(processor.endOpenSpans(Number.POSITIVE_INFINITY)).toBe(false);
    await provider.forceFlush();
    expect(exported().filter(({ name }) => name === "job")).toHaveLength(10);
  });

  test("what its owner ends between two slices is exported once", async () => {
    const lines = capturedDiag();
    const roots = Array.from({ length: 6 }, (_, at) => tracer.startSpan(`job ${at}`));
    processor.endOpenSpans(2);
    for (const root of roots) root.end();
    // The SDK says so where a span is ended twice; by us none is.
    const before = lines.length;
    while (processor.endOpenSpans(2));
    await provider.forceFlush();
    const names = exported().map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("job")).sort()).toEqual(
      roots.map((_, at) => `job ${at}`),
    );
    const verdicts = exported().map(({ attributes }) => attributes["lifecycle.close.via"]);
    expect(verdicts).toEqual(roots.map(() => "shutdown"));
    expect(lines).toHaveLength(before);
  });
});
