import { SpanStatusCode, type Tracer } from "@opentelemetry/api";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { beginShutdown, LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { attributesNamed } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

let exporter: KeepingExporter;
let tracer: Tracer;

beforeEach(() => {
  exporter = new KeepingExporter();
  ({ tracer } = registerProvider([
    new LifecycleSpanProcessor(),
    new SimpleSpanProcessor(exporter),
  ]));
});

const attributes = () => attributesNamed(exporter.getFinishedSpans(), "GET");

describe("what drains under a shutdown, which asks nobody, is its own (rules 17 and 19)", () => {
  test("a request that failed by itself failed", () => {
    const span = tracer.startSpan("GET");
    const shutdown = beginShutdown({ trigger: "signal", signal: "SIGTERM" });
    span.setStatus({ code: SpanStatusCode.ERROR }).end();
    shutdown.end();
    expect(attributes()).toMatchObject({
      "lifecycle.run.result": "failed",
      "lifecycle.close.class": "error",
    });
  });

  test("one that a listener of the signal finishes has completed", () => {
    const span = tracer.startSpan("GET");
    const shutdown = beginShutdown({ trigger: "signal", signal: "SIGTERM" });
    shutdown.with(() => span.end());
    shutdown.end();
    expect(attributes()).toEqual({
      "lifecycle.run.result": "completed",
      "lifecycle.scope.kind": "process",
    });
  });
});
