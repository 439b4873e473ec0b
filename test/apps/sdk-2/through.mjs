import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";

export const processor = new LifecycleSpanProcessor();
export const providerThrough = (through) => {
  const exporter = through(new OTLPTraceExporter());
  const provider = new NodeTracerProvider({
    spanProcessors: [processor, new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return { provider, exporter };
};
