import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";

export const processor = new LifecycleSpanProcessor();
export const providerThrough = (through) => {
  const exporter = through(new OTLPTraceExporter());
  const provider = new TracerProvider({
    spanProcessors: [processor, new BatchSpanProcessor({ exporter })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return { provider, exporter };
};
