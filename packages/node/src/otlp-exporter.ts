import type { Agent } from "node:http";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { loadNow } from "./load-now.ts";
import { variable, warnOfValue } from "./variable.ts";

/** A form of OTLP over HTTP. */
export interface OtlpForm {
  readonly contentType: string;
  /** An exporter that reads endpoint, headers, TLS and compression from the environment itself. */
  create(options: {
    readonly timeoutMillis?: number;
    readonly concurrencyLimit?: number;
    readonly httpAgentOptions?: (protocol: string) => Promise<Agent>;
  }): SpanExporter;
}

/**
 * The form of `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL`, else of `OTEL_EXPORTER_OTLP_PROTOCOL`, else
 * protobuf. Only the exporter that is needed is loaded, because it is most of what a start costs.
 */
export function otlpForm(): OtlpForm {
  const name = PROTOCOLS.find((each) => variable(each) !== undefined);
  const given = name === undefined ? "http/protobuf" : variable(name);
  if (name !== undefined && given !== "http/json" && given !== "http/protobuf") {
    warnOfValue(name, "http/protobuf or http/json", "http/protobuf");
  }
  const [specifier, contentType] = given === "http/json" ? JSON_FORM : PROTOBUF_FORM;
  const { OTLPTraceExporter } = loadNow(specifier) as ExporterModule;
  return { contentType, create: (options) => new OTLPTraceExporter(options) };
}

const PROTOCOLS = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];
const JSON_FORM = ["@opentelemetry/exporter-trace-otlp-http", "application/json"] as const;
const PROTOBUF_FORM = [
  "@opentelemetry/exporter-trace-otlp-proto",
  "application/x-protobuf",
] as const;

type ExporterModule =
  | typeof import("@opentelemetry/exporter-trace-otlp-http")
  | typeof import("@opentelemetry/exporter-trace-otlp-proto");
