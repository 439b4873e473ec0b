import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { recordIncidents } from "@otel-lifecycle/sdk/incidents";

export interface TelemetryOptions {
  /** An OTLP/HTTP receiver for traces and logs. Default: what the environment names. */
  readonly receiverUrl: string | undefined;
  /** A file for incidents, as JSON Lines. */
  readonly incidentsFile: string | undefined;
  /** Whether incidents are recorded at all. */
  readonly incidents: boolean;
}

export interface Telemetry {
  /** Ends and exports what is still open. Rejects when an endpoint could not be reached. */
  readonly shutdown: () => Promise<void>;
}

/** An OpenTelemetry set-up as any other, but for two lines. */
export const startTelemetry = (options: TelemetryOptions): Telemetry => {
  const { receiverUrl, incidentsFile: file } = options;
  const resource = resourceFromAttributes({ "service.name": "agent-server" });
  const traces = new NodeTracerProvider({
    resource,
    spanProcessors: [
      // First, because at shutdown a batch processor refuses the spans that this one still ends.
      // It says itself what its runs are, so the requests that begin and close them are none.
      new LifecycleSpanProcessor({ automaticRuns: false }),
      ...spanExporters(receiverUrl).map((exporter) => new BatchSpanProcessor(exporter)),
    ],
  });
  traces.register({ contextManager: new AsyncLocalStorageContextManager() });
  const logs = new LoggerProvider({
    resource,
    processors: logExporters(receiverUrl).map(
      (exporter) => new BatchLogRecordProcessor({ exporter }),
    ),
  });
  if (options.incidents) {
    // Of each run that does not complete: what broke, how far it had got, what may be done next.
    recordIncidents({ loggerProvider: logs, ...(file === undefined ? {} : { file }) });
  }

  return {
    shutdown: async () => {
      try {
        // First, because runs that it ends have their incidents yet to come.
        await traces.shutdown();
      } finally {
        await logs.shutdown();
      }
    },
  };
};

/** The given endpoint, and the one of the environment if it names one or nothing was given. */
const spanExporters = (receiverUrl: string | undefined): OTLPTraceExporter[] => {
  if (receiverUrl === undefined) return [new OTLPTraceExporter()];
  const given = new OTLPTraceExporter({ url: `${receiverUrl}/v1/traces` });
  return environmentHasEndpoint() ? [given, new OTLPTraceExporter()] : [given];
};

const environmentHasEndpoint = (): boolean =>
  Boolean(
    process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? process.env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"],
  );

/** To the environment's endpoint only where it asks for logs, because Jaeger takes none. */
const logExporters = (receiverUrl: string | undefined): OTLPLogExporter[] => [
  ...(receiverUrl === undefined ? [] : [new OTLPLogExporter({ url: `${receiverUrl}/v1/logs` })]),
  ...(environmentWantsLogs() ? [new OTLPLogExporter()] : []),
];

const environmentWantsLogs = (): boolean =>
  process.env["OTEL_LOGS_EXPORTER"] === "otlp" ||
  Boolean(process.env["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"]);
