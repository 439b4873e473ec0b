import { DiagLogLevel, diag, type Span, trace } from "@opentelemetry/api";
import {
  BatchSpanProcessor,
  InMemorySpanExporter,
  NodeTracerProvider,
  NoopSpanProcessor,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { startRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { describe, expect, test } from "vitest";
import { capturedDiag, registerProvider } from "./tracing.ts";

const batch = () => new BatchSpanProcessor(new InMemorySpanExporter());
const simple = () => new SimpleSpanProcessor(new InMemorySpanExporter());

const warning = (cost: string): string =>
  `warn @otel-lifecycle/sdk LifecycleSpanProcessor stands behind a processor that exports: ${cost}. Put it first in spanProcessors.`;
const atFirstSpan = warning("what is open at shutdown will be lost");
const atShutdown = warning("what was open at shutdown is lost");

describe("a place behind an exporting processor is warned about (rule 21)", () => {
  test.each<[string, (ours: SpanProcessor) => SpanProcessor[], boolean]>([
    ["first", (ours) => [ours, batch()], false],
    ["alone", (ours) => [ours], false],
    ["behind one that exports nothing", (ours) => [new NoopSpanProcessor(), ours, batch()], false],
    ["behind a batch processor", (ours) => [batch(), ours], true],
    ["behind a simple processor", (ours) => [simple(), ours], true],
    ["between two that export", (ours) => [batch(), ours, simple()], true],
  ])("%s", async (_title, listOf, behind) => {
    const lines = capturedDiag();
    const { provider, tracer } = registerProvider(listOf(new LifecycleSpanProcessor()));
    expect(lines).toEqual([]);
    tracer.startSpan("first").end();
    tracer.startSpan("second").end();
    expect(lines).toEqual(behind ? [atFirstSpan] : []);
    startRun({ name: "in flight" });
    await provider.shutdown();
    await provider.shutdown();
    expect(lines).toEqual(behind ? [atFirstSpan, atShutdown] : []);
  });

  test("behind one, it ends nothing, because nobody would export it", async () => {
    capturedDiag();
    const { provider } = registerProvider([batch(), new LifecycleSpanProcessor()]);
    const run = startRun({ name: "agent run" });
    await provider.shutdown();
    expect([run.close, run.span.isRecording()]).toEqual([undefined, true]);
    run.end();
  });

  test("a provider whose list is not known is not warned about", () => {
    const lines = capturedDiag();
    const processor = new LifecycleSpanProcessor();
    const span: Span = trace.wrapSpanContext({ traceId: "1", spanId: "2", traceFlags: 1 });
    processor.onStart(span, startRun({ name: "agent run" }).context);
    expect(lines).toEqual([]);
  });
});

describe("a diag logger that throws harms nobody (invariant 3)", () => {
  test("neither at the first span, nor at shutdown", async () => {
    const throws = (): never => {
      throw new Error("hostile");
    };
    diag.setLogger(
      { error: throws, warn: throws, info: throws, debug: throws, verbose: throws },
      { logLevel: DiagLogLevel.WARN },
    );
    const provider = new NodeTracerProvider({
      spanProcessors: [batch(), new LifecycleSpanProcessor()],
    });
    expect(() => provider.getTracer("host").startSpan("first").end()).not.toThrow();
    const shutdown = async () => provider.shutdown();
    await expect(shutdown()).resolves.toBeUndefined();
  });
});
