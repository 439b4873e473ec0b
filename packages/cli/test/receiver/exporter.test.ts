import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { afterEach, expect, test, vi } from "vitest";
import { startReceiver, toJson } from "../../src/index.ts";

afterEach(() => vi.unstubAllEnvs());

test.each([["none"], ["gzip"]])(
  "spans of a real exporter arrive, compression %s",
  async (compression) => {
    const receiver = await startReceiver({ port: 0 });
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url);
    vi.stubEnv("OTEL_EXPORTER_OTLP_COMPRESSION", compression);
    const exporter = new OTLPTraceExporter();
    const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
    const span = provider.getTracer("test").startSpan("agent run", {
      startTime: [1_700_000_000, 0],
      attributes: {
        "lifecycle.run.id": "r1",
        "lifecycle.run.result": "interrupted",
        "lifecycle.close.class": "unknown_scope_close",
        "lifecycle.close.missing": ["lifecycle.close_requested"],
        "lifecycle.interrupt.duration": 0.25,
        "lifecycle.run.recovered": true,
      },
    });
    span.end([1_700_000_001, 500]);
    provider.getTracer("test").startSpan("GET").end();
    await provider.shutdown();
    await receiver.close();

    expect(toJson(receiver.account())).toEqual({
      actions: [],
      runs: [
        {
          id: "r1",
          name: "agent run",
          traceId: span.spanContext().traceId,
          spanId: span.spanContext().spanId,
          scope: null,
          service: expect.stringMatching(/^unknown_service:/),
          startTimeUnixNano: "1700000000000000000",
          endTimeUnixNano: "1700000001000000500",
          result: "interrupted",
          class: "unknown_scope_close",
          confidence: null,
          via: null,
          actionId: null,
          missing: ["lifecycle.close_requested"],
          interruptSeconds: 0.25,
          recovered: true,
        },
      ],
      inherited: 0,
    });
  },
);
