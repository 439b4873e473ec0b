import type { Tracer } from "@opentelemetry/api";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { startRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { attributesNamed } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

let exporter: KeepingExporter;
let tracer: Tracer;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  exporter = new KeepingExporter();
  const processors = [new LifecycleSpanProcessor(), new SimpleSpanProcessor(exporter)];
  ({ tracer } = registerProvider(processors));
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const exported = () => attributesNamed(exporter.getFinishedSpans(), "below");
// The clock goes on, and no timer fires: what a loop without an `await` does.
const block = (milliseconds: number): void => {
  vi.setSystemTime(Date.now() + milliseconds);
  const blocked = performance.now() + milliseconds;
  vi.spyOn(performance, "now").mockImplementation(() => blocked);
};

const inherited = { "lifecycle.close.inherited_class": "timeout" };

describe("a deadline counts from when it was due, though its timer fires late (rules 2 and 15)", () => {
  test("a span that was in flight when the timer fired inherits the timeout", () => {
    const run = startRun({ name: "agent run", timeoutMs: 100 });
    const below = run.with(() => tracer.startSpan("below"));
    vi.advanceTimersByTime(150);
    below.end();
    run.fail(run.signal.reason);
    expect(exported()).toEqual(inherited);
  });

  test("a span that ends after the deadline was due, before the timer, inherits the timeout", () => {
    const run = startRun({ name: "agent run", timeoutMs: 100 });
    const below = run.with(() => tracer.startSpan("below"));
    block(150);
    below.end();
    run.fail(new DOMException("late", "TimeoutError"));
    expect(exported()).toEqual(inherited);
  });

  test("a span that ends after the run did, whose timer never fired, inherits the timeout", () => {
    const run = startRun({ name: "agent run", timeoutMs: 100 });
    const below = run.with(() => tracer.startSpan("below"));
    block(150);
    run.fail(new DOMException("late", "TimeoutError"));
    below.end();
    expect(exported()).toEqual(inherited);
  });

  test("a span that begins after the deadline was due, before the timer, is clean-up", () => {
    const run = startRun({ name: "agent run", timeoutMs: 100 });
    block(150);
    const below = run.with(() => tracer.startSpan("below"));
    startRun({ name: "another run" }).end();
    below.end();
    run.fail(new DOMException("late", "TimeoutError"));
    expect(exported()).toEqual({});
  });
});
