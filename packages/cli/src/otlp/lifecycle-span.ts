import {
  ATTR_ERROR_TYPE,
  ATTR_K8S_CONTAINER_STATUS_LAST_TERMINATED_REASON,
  ATTR_PROCESS_EXIT_CODE,
} from "@otel-lifecycle/api";
import { type AttributeValue, attributeValueOf } from "./attribute-value.ts";
import { fieldOf, type JsonObject, objectsOf } from "./json-field.ts";
import { hexIdOf, nanosOf } from "./scalar.ts";

/** What an account needs of a span that carries `lifecycle.*` attributes. */
export interface LifecycleSpan {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly name: string;
  /** `service.name` of its resource. */
  readonly service: string | undefined;
  /** Nanoseconds since the epoch; 0 where the input does not say. */
  readonly startTimeUnixNano: bigint;
  /** Nanoseconds since the epoch; 0 where the input does not say. */
  readonly endTimeUnixNano: bigint;
  /** Its `lifecycle.*` attributes, `error.type` and how a lost process ended; no other is kept. */
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

/** What is read of OpenTelemetry's own conventions. */
const BESIDE: ReadonlySet<string> = new Set([
  ATTR_ERROR_TYPE,
  ATTR_PROCESS_EXIT_CODE,
  ATTR_K8S_CONTAINER_STATUS_LAST_TERMINATED_REASON,
]);

/** A span of a request: one to keep, one that says nothing about lifecycles, or one without ids. */
export type SpanReading =
  | { readonly type: "lifecycle"; readonly span: LifecycleSpan }
  | { readonly type: "unrelated" }
  | { readonly type: "rejected" };

/** Reads one OTLP span of a service. Throws NotOtlpError if its attributes are no list of objects. */
export function readSpan(json: JsonObject, service: string | undefined): SpanReading {
  const attributes = lifecycleAttributesOf(json);
  if (attributes === undefined) return { type: "unrelated" };
  const traceId = hexIdOf(fieldOf(json, "traceId"), 16);
  const spanId = hexIdOf(fieldOf(json, "spanId"), 8);
  if (traceId === undefined || spanId === undefined) return { type: "rejected" };
  const name = fieldOf(json, "name");
  return {
    type: "lifecycle",
    span: {
      traceId,
      spanId,
      name: typeof name === "string" ? name : "",
      service,
      startTimeUnixNano: nanosOf(fieldOf(json, "startTimeUnixNano")),
      endTimeUnixNano: nanosOf(fieldOf(json, "endTimeUnixNano")),
      attributes,
    },
  };
}

/** The same for two deliveries of one span: an exporter that retries sends it again. */
export function spanKeyOf(span: LifecycleSpan): string {
  return `${span.traceId}/${span.spanId}`;
}

function lifecycleAttributesOf(json: JsonObject): ReadonlyMap<string, AttributeValue> | undefined {
  const attributes = new Map<string, AttributeValue>();
  let isRelated = false;
  for (const attribute of objectsOf(json, "attributes")) {
    const key = attribute["key"];
    if (typeof key !== "string") continue;
    const isLifecycle = key.startsWith("lifecycle.");
    if (!isLifecycle && !BESIDE.has(key)) continue;
    const value = attributeValueOf(attribute["value"]);
    if (value !== undefined) attributes.set(key, value);
    isRelated ||= isLifecycle;
  }
  return isRelated ? attributes : undefined;
}
