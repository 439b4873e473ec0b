import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { initialize } from "@traceloop/node-server-sdk";

const quiet = { silenceInitializationMessage: true, traceloopSyncEnabled: false };
initialize({ exporter: new OTLPTraceExporter(), disableBatch: true, appName: "app", ...quiet });
