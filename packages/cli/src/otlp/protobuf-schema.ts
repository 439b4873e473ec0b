/** How a scalar is written in protobuf; `id` is bytes that OTLP's JSON writes in hex. */
export type Scalar =
  | "bool"
  | "bytes"
  | "double"
  | "enum"
  | "fixed32"
  | "fixed64"
  | "id"
  | "int64"
  | "string"
  | "uint32";

/** The messages of opentelemetry-proto v1 that requests of traces and of logs are made of. */
export type MessageName =
  | "AnyValue"
  | "ArrayValue"
  | "EntityRef"
  | "Event"
  | "ExportLogsServiceRequest"
  | "ExportTraceServiceRequest"
  | "InstrumentationScope"
  | "KeyValue"
  | "KeyValueList"
  | "Link"
  | "LogRecord"
  | "Resource"
  | "ResourceLogs"
  | "ResourceSpans"
  | "ScopeLogs"
  | "ScopeSpans"
  | "Span"
  | "Status";

/** A field: its name in JSON, what it holds, and whether it is a list. */
export interface Field {
  readonly name: string;
  readonly type: Scalar | MessageName;
  readonly label: "singular" | "repeated";
}

/** The fields of each message by their numbers. What is not here is unknown, and passed over. */
export const FIELDS: Readonly<Record<MessageName, Readonly<Record<number, Field>>>> = {
  ExportTraceServiceRequest: { 1: list("resourceSpans", "ResourceSpans") },
  ResourceSpans: {
    1: one("resource", "Resource"),
    2: list("scopeSpans", "ScopeSpans"),
    3: one("schemaUrl", "string"),
  },
  Resource: {
    1: list("attributes", "KeyValue"),
    2: one("droppedAttributesCount", "uint32"),
    3: list("entityRefs", "EntityRef"),
  },
  EntityRef: {
    1: one("schemaUrl", "string"),
    2: one("type", "string"),
    3: list("idKeys", "string"),
    4: list("descriptionKeys", "string"),
  },
  ScopeSpans: {
    1: one("scope", "InstrumentationScope"),
    2: list("spans", "Span"),
    3: one("schemaUrl", "string"),
  },
  InstrumentationScope: {
    1: one("name", "string"),
    2: one("version", "string"),
    3: list("attributes", "KeyValue"),
    4: one("droppedAttributesCount", "uint32"),
  },
  Span: {
    1: one("traceId", "id"),
    2: one("spanId", "id"),
    3: one("traceState", "string"),
    4: one("parentSpanId", "id"),
    5: one("name", "string"),
    6: one("kind", "enum"),
    7: one("startTimeUnixNano", "fixed64"),
    8: one("endTimeUnixNano", "fixed64"),
    9: list("attributes", "KeyValue"),
    10: one("droppedAttributesCount", "uint32"),
    11: list("events", "Event"),
    12: one("droppedEventsCount", "uint32"),
    13: list("links", "Link"),
    14: one("droppedLinksCount", "uint32"),
    15: one("status", "Status"),
    16: one("flags", "fixed32"),
  },
  Event: {
    1: one("timeUnixNano", "fixed64"),
    2: one("name", "string"),
    3: list("attributes", "KeyValue"),
    4: one("droppedAttributesCount", "uint32"),
  },
  Link: {
    1: one("traceId", "id"),
    2: one("spanId", "id"),
    3: one("traceState", "string"),
    4: list("attributes", "KeyValue"),
    5: one("droppedAttributesCount", "uint32"),
    6: one("flags", "fixed32"),
  },
  ExportLogsServiceRequest: { 1: list("resourceLogs", "ResourceLogs") },
  ResourceLogs: {
    1: one("resource", "Resource"),
    2: list("scopeLogs", "ScopeLogs"),
    3: one("schemaUrl", "string"),
  },
  ScopeLogs: {
    1: one("scope", "InstrumentationScope"),
    2: list("logRecords", "LogRecord"),
    3: one("schemaUrl", "string"),
  },
  LogRecord: {
    1: one("timeUnixNano", "fixed64"),
    2: one("severityNumber", "enum"),
    3: one("severityText", "string"),
    5: one("body", "AnyValue"),
    6: list("attributes", "KeyValue"),
    7: one("droppedAttributesCount", "uint32"),
    8: one("flags", "fixed32"),
    9: one("traceId", "id"),
    10: one("spanId", "id"),
    11: one("observedTimeUnixNano", "fixed64"),
    12: one("eventName", "string"),
  },
  Status: { 2: one("message", "string"), 3: one("code", "enum") },
  KeyValue: { 1: one("key", "string"), 2: one("value", "AnyValue") },
  // All of them are in one `oneof`.
  AnyValue: {
    1: one("stringValue", "string"),
    2: one("boolValue", "bool"),
    3: one("intValue", "int64"),
    4: one("doubleValue", "double"),
    5: one("arrayValue", "ArrayValue"),
    6: one("kvlistValue", "KeyValueList"),
    7: one("bytesValue", "bytes"),
  },
  ArrayValue: { 1: list("values", "AnyValue") },
  KeyValueList: { 1: list("values", "KeyValue") },
};

function one(name: string, type: Field["type"]): Field {
  return { name, type, label: "singular" };
}

function list(name: string, type: Field["type"]): Field {
  return { name, type, label: "repeated" };
}
