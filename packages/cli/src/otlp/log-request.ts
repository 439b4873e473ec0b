import { EVENT_RUN_INCIDENT } from "@otel-lifecycle/api";
import { attempt, type NotOtlp } from "./attempt.ts";
import { attributeValueOf } from "./attribute-value.ts";
import { fieldOf, type JsonObject, objectsOf } from "./json-field.ts";
import { type PlainValue, plainValueOf } from "./plain-value.ts";
import { resourcesOf } from "./signal.ts";

/** What an object turned out to be, read as an ExportLogsServiceRequest. */
export type ParsedLogs =
  | {
      readonly type: "logs";
      /** The bodies of its events `lifecycle.run.incident`, as they are: nothing in them is checked. */
      readonly incidents: readonly (PlainValue | undefined)[];
    }
  | { readonly type: "other_signal" }
  | NotOtlp;

/**
 * Reads one ExportLogsServiceRequest: a text in OTLP's JSON encoding, or what it or protobuf was
 * decoded to. Never throws.
 */
export function parseLogs(request: string | JsonObject): ParsedLogs {
  return attempt(() => readLogs(typeof request === "string" ? JSON.parse(request) : request));
}

function readLogs(request: unknown): ParsedLogs {
  const resources = resourcesOf(request, "logs");
  if (resources === undefined) return { type: "other_signal" };
  const incidents = resources
    .flatMap(recordsOf)
    .filter((record) => eventNameOf(record) === EVENT_RUN_INCIDENT)
    .map((record) => plainValueOf(fieldOf(record, "body")));
  return { type: "logs", incidents };
}

function recordsOf(resourceLogs: JsonObject): readonly JsonObject[] {
  return objectsOf(resourceLogs, "scopeLogs").flatMap((scope) => objectsOf(scope, "logRecords"));
}

function eventNameOf(record: JsonObject): unknown {
  const name = fieldOf(record, "eventName");
  if (typeof name === "string" && name !== "") return name;
  // Until OTLP 1.5 events had their name in an attribute; the Collector's file may be older.
  const attribute = objectsOf(record, "attributes").find(({ key }) => key === "event.name");
  return attributeValueOf(attribute?.["value"]);
}
