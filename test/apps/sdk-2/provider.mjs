import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";

export const provider = new NodeTracerProvider({
  spanProcessors: [new LifecycleSpanProcessor(), new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();
