import { context, type DiagLogger, diag, ProxyTracerProvider } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BatchSpanProcessor,
  InMemorySpanExporter,
  NoopSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { attach } from "@otel-lifecycle/node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const warnings: string[] = [];
const silent = () => {};
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  warnings.length = 0;
  const warn: DiagLogger["warn"] = (...words) => void warnings.push(words.join(" "));
  diag.setLogger({ error: silent, warn, info: silent, debug: silent, verbose: silent });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(async () => {
  await nextTurn();
  diag.disable();
  context.disable();
});

const names = (provider: object): unknown =>
  (
    provider as { _activeSpanProcessor: { _spanProcessors: readonly object[] } }
  )._activeSpanProcessor._spanProcessors.map((each) => each.constructor.name);

describe("attach", () => {
  it("puts our processor first, once, and leaves the application's list alone", async () => {
    const given = [new NoopSpanProcessor()];
    const provider = new TracerProvider({ spanProcessors: given });
    const pipeline = attach(provider);
    const again = attach(provider);
    await nextTurn();
    expect({ names: names(provider), given: given.length, warnings }).toEqual({
      names: ["LifecycleSpanProcessor", "NoopSpanProcessor"],
      given: 1,
      warnings: [],
    });
    expect(again).toBe(pipeline);
    expect(pipeline.processor).toBeInstanceOf(LifecycleSpanProcessor);
  });

  it("takes the one that the application has put in", () => {
    const ours = new LifecycleSpanProcessor();
    const provider = new TracerProvider({ spanProcessors: [ours] });
    expect(attach(provider).processor).toBe(ours);
    expect(names(provider)).toEqual(["LifecycleSpanProcessor"]);
  });

  it("flushes the other's pipeline, and can tell nothing of it", async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] });
    const pipeline = attach(provider);
    provider.getTracer("test").startSpan("span").end();
    await pipeline.flush(5000);
    expect({
      spans: exporter.getFinishedSpans().map((span) => span.name),
      unsent: pipeline.unsent,
      sync: pipeline.flushSync(1),
    }).toEqual({ spans: ["span"], unsent: undefined, sync: false });
  });

  it("resolves a flush of a pipeline that rejects, hangs or has none", async () => {
    const tracers = { getTracer: () => new ProxyTracerProvider().getTracer("none") };
    const rejecting = { ...tracers, forceFlush: () => Promise.reject(new Error("no")) };
    const hanging = { ...tracers, forceFlush: () => new Promise(() => {}) };
    for (const provider of [tracers, rejecting, hanging]) await attach(provider).flush(1);
  });

  it("warns of a provider without a list of processors (rule 38)", () => {
    class OtherProvider {
      getTracer() {
        return new ProxyTracerProvider().getTracer("none");
      }
    }
    const { processor } = attach(new OtherProvider());
    expect({ processor, warnings }).toEqual({
      processor: undefined,
      warnings: [
        expect.stringMatching(
          /\(OtherProvider\) has no list of span processors.*put new Lifecycle/,
        ),
      ],
    });
  });

  it("warns where no provider is registered (rule 38)", () => {
    expect({ processor: attach().processor, warnings }).toEqual({
      processor: undefined,
      warnings: [expect.stringMatching(/No tracer provider is registered.*Register the SDK first/)],
    });
  });

  it("warns of a missing context manager (rule 38)", async () => {
    context.disable();
    attach(new TracerProvider());
    await vi.waitFor(() =>
      expect(warnings).toContainEqual(
        expect.stringMatching(/No context manager is registered.*AsyncLocalStorageContextManager/),
      ),
    );
  });
});
