import { fieldOf, isJsonObject, type JsonObject, NotOtlpError, objectsOf } from "./json-field.ts";
import { type LifecycleSpan, readSpan } from "./lifecycle-span.ts";

/** What a text turned out to be, read as an ExportTraceServiceRequest in OTLP's JSON encoding. */
export type ParsedRequest =
  | {
      readonly type: "traces";
      readonly spans: readonly LifecycleSpan[];
      /** How many spans with `lifecycle.*` attributes had no valid trace and span id. */
      readonly rejected: number;
    }
  /** OTLP, but logs, metrics or profiles: the Collector's file exporter mixes them in one file. */
  | { readonly type: "other_signal" }
  | { readonly type: "not_otlp"; readonly reason: string };

const OTHER_SIGNALS = ["resourceLogs", "resourceMetrics", "resourceProfiles"];

/**
 * Reads the JSON text of one ExportTraceServiceRequest and keeps the spans with `lifecycle.*`
 * attributes. Never throws. Follows the JSON Protobuf Encoding of the OTLP specification:
 * unknown fields are ignored, ids are hex, 64-bit integers are strings or numbers.
 */
export function parseRequest(json: string): ParsedRequest {
  try {
    return readRequest(JSON.parse(json));
  } catch (error) {
    if (error instanceof SyntaxError) return { type: "not_otlp", reason: "it is not valid JSON" };
    if (error instanceof NotOtlpError) return { type: "not_otlp", reason: error.message };
    throw error;
  }
}

function readRequest(request: unknown): ParsedRequest {
  if (!isJsonObject(request)) throw new NotOtlpError("it is not a JSON object");
  if (fieldOf(request, "resourceSpans") !== undefined) return readTraces(request);
  if (OTHER_SIGNALS.some((name) => fieldOf(request, name) !== undefined))
    return { type: "other_signal" };
  // An empty message is `{}` in proto3; some other object without spans is somebody else's JSON.
  if (Object.keys(request).length === 0) return { type: "traces", spans: [], rejected: 0 };
  throw new NotOtlpError("it has no resourceSpans");
}

function readTraces(request: JsonObject): ParsedRequest {
  const readings = objectsOf(request, "resourceSpans")
    .flatMap((resource) => objectsOf(resource, "scopeSpans"))
    .flatMap((scope) => objectsOf(scope, "spans"))
    .map(readSpan);
  return {
    type: "traces",
    spans: readings.flatMap((reading) => (reading.type === "lifecycle" ? [reading.span] : [])),
    rejected: readings.filter((reading) => reading.type === "rejected").length,
  };
}
