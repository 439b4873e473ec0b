import { attempt, type NotOtlp } from "./attempt.ts";
import { attributeValueOf } from "./attribute-value.ts";
import { fieldOf, isJsonObject, type JsonObject, objectsOf } from "./json-field.ts";
import { type LifecycleSpan, readSpan, type SpanReading } from "./lifecycle-span.ts";
import { decodeRequest } from "./protobuf-request.ts";
import { resourcesOf } from "./signal.ts";

/** What a text or bytes turned out to be, read as an ExportTraceServiceRequest. */
export type ParsedRequest =
  | {
      readonly type: "traces";
      readonly spans: readonly LifecycleSpan[];
      /** How many spans with `lifecycle.*` attributes had no valid trace and span id. */
      readonly rejected: number;
    }
  /** OTLP, but logs, metrics or profiles: the Collector's file exporter mixes them in one file. */
  | { readonly type: "other_signal" }
  | NotOtlp;

/**
 * Reads one ExportTraceServiceRequest, a text in OTLP's JSON encoding or bytes in protobuf, and
 * keeps the spans with `lifecycle.*` attributes. Never throws. Follows the OTLP specification:
 * unknown fields are ignored, and in JSON ids are hex, 64-bit integers strings or numbers. Of
 * protobuf's signals only traces can be told: it has no names.
 */
export function parseRequest(request: string | Uint8Array): ParsedRequest {
  return attempt(() =>
    readTraces(typeof request === "string" ? JSON.parse(request) : decodeRequest(request)),
  );
}

/** The same of a request that is decoded already. */
export function parseDecoded(request: JsonObject): ParsedRequest {
  return attempt(() => readTraces(request));
}

function readTraces(request: unknown): ParsedRequest {
  const resources = resourcesOf(request, "traces");
  if (resources === undefined) return { type: "other_signal" };
  const readings = resources.flatMap(readResourceSpans);
  return {
    type: "traces",
    spans: readings.flatMap((reading) => (reading.type === "lifecycle" ? [reading.span] : [])),
    rejected: readings.filter((reading) => reading.type === "rejected").length,
  };
}

function readResourceSpans(resourceSpans: JsonObject): readonly SpanReading[] {
  const service = serviceNameOf(resourceSpans);
  return objectsOf(resourceSpans, "scopeSpans")
    .flatMap((scope) => objectsOf(scope, "spans"))
    .map((span) => readSpan(span, service));
}

function serviceNameOf(resourceSpans: JsonObject): string | undefined {
  const resource = fieldOf(resourceSpans, "resource");
  if (!isJsonObject(resource)) return undefined;
  const attribute = objectsOf(resource, "attributes").find(({ key }) => key === "service.name");
  const name = attributeValueOf(attribute?.["value"]);
  return typeof name === "string" ? name : undefined;
}
