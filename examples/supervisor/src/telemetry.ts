import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";

export interface Telemetry {
  /** Ends and exports what is still open. Rejects when the endpoint could not be reached. */
  readonly shutdown: () => Promise<void>;
}

/** The same set-up in each of the processes; `instance` tells them apart. */
export const startTelemetry = (endpoint: string, instance: string): Telemetry => {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      "service.name": "supervisor-example",
      "service.instance.id": instance,
    }),
    spanProcessors: [new LifecycleSpanProcessor(), new BatchSpanProcessor(exporter)],
  });
  provider.register({ contextManager: new AsyncLocalStorageContextManager() });
  return { shutdown: () => provider.shutdown() };
};
