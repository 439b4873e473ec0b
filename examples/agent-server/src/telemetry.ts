import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";

export interface Telemetry {
  /** Ends and exports what is still open. Rejects when an endpoint could not be reached. */
  readonly shutdown: () => Promise<void>;
}

/** An OpenTelemetry set-up as any other, but for the first line of `spanProcessors`. */
export const startTelemetry = (tracesUrl?: string): Telemetry => {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "agent-server" }),
    spanProcessors: [
      // First, because at shutdown a batch processor refuses the spans that this one still ends.
      // It says itself what its runs are, so the requests that begin and close them are none.
      new LifecycleSpanProcessor({ automaticRuns: false }),
      ...exporters(tracesUrl).map((exporter) => new BatchSpanProcessor(exporter)),
    ],
  });
  provider.register({ contextManager: new AsyncLocalStorageContextManager() });
  return { shutdown: () => provider.shutdown() };
};

/** The given endpoint, and the one of the environment if it names one or nothing was given. */
const exporters = (tracesUrl?: string): OTLPTraceExporter[] => {
  if (tracesUrl === undefined) return [new OTLPTraceExporter()];
  const given = new OTLPTraceExporter({ url: tracesUrl });
  return environmentHasEndpoint() ? [given, new OTLPTraceExporter()] : [given];
};

const environmentHasEndpoint = (): boolean =>
  Boolean(
    process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? process.env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"],
  );
