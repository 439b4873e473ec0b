import { ATTR_INCIDENT_CAUSE } from "@otel-lifecycle/api";
import { type RunIncident, readIncidents } from "@otel-lifecycle/incidents";
import { attempt, type NotOtlp } from "../otlp/attempt.ts";
import { isJsonObject, type JsonObject, NotOtlpError } from "../otlp/json-field.ts";
import { parseLogs } from "../otlp/log-request.ts";
import { decodeRequest } from "../otlp/protobuf-request.ts";
import { parseDecoded } from "../otlp/request.ts";

/** What a text or bytes turned out to be, read for incidents. */
export type ParsedIncidents =
  | {
      readonly type: "incidents";
      /** Held against what an incident may hold: each of its strings is safe to print. */
      readonly incidents: readonly RunIncident[];
      /** How many incidents were none. */
      readonly rejected: number;
      /** How many spans of traces tell in short of an incident, which itself is elsewhere. */
      readonly spans: number;
    }
  | NotOtlp;

const NOTHING = { type: "incidents", incidents: [], rejected: 0, spans: 0 } as const;

/**
 * The incidents of one JSON object, or of an ExportLogsServiceRequest in protobuf: of the events
 * `lifecycle.run.incident` of an OTLP logs request, of a document of `run_incidents`, or the object
 * itself, as JSON Lines have one a line. Never throws. OTLP of other signals has none.
 */
export function parseIncidents(request: string | Uint8Array): ParsedIncidents {
  return attempt(() =>
    read(typeof request === "string" ? JSON.parse(request) : decodeRequest(request, "logs")),
  );
}

function read(json: unknown): ParsedIncidents {
  if (!isJsonObject(json)) throw new NotOtlpError("it is not a JSON object");
  if (Object.hasOwn(json, "run_incidents") || Object.hasOwn(json, "incident_id"))
    return found([json]);
  const logs = parseLogs(json);
  if (logs.type === "logs") return found(logs.incidents);
  if (logs.type === "other_signal") return { ...NOTHING, spans: spansWithIncidents(json) };
  // Of the logs there is nothing to say where the object has not even their list.
  throw new NotOtlpError(isLogs(json) ? logs.reason : "it is neither OTLP nor an incident");
}

function found(given: readonly unknown[]): ParsedIncidents {
  const readings = given.map(readIncidents);
  return {
    ...NOTHING,
    incidents: readings.flatMap(({ incidents }) => incidents),
    rejected: readings.reduce((sum, { leftOut }) => sum + leftOut, 0),
  };
}

function spansWithIncidents(json: JsonObject): number {
  const request = parseDecoded(json);
  if (request.type !== "traces") return 0;
  return request.spans.filter(({ attributes }) => attributes.has(ATTR_INCIDENT_CAUSE)).length;
}

function isLogs(json: JsonObject): boolean {
  return "resourceLogs" in json || "resource_logs" in json;
}
