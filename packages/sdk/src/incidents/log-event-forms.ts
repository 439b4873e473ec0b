import type { Context } from "@opentelemetry/api";
import {
  ATTR_CLOSE_CLASS,
  ATTR_RUN_ID,
  ATTR_RUN_RESULT,
  EVENT_RUN_EVIDENCE,
  EVENT_RUN_INCIDENT,
} from "@otel-lifecycle/api";
import type { IncidentEvidence, RunIncident } from "@otel-lifecycle/incidents";
import { incidentAttributes } from "./incident-attributes.ts";
import type { LogEvent, LogValue } from "./logger-provider.ts";

// Severities of the logs data model.
const INFO = { severityNumber: 9, severityText: "INFO" } as const;
const ERROR = { severityNumber: 17, severityText: "ERROR" } as const;

/** The incident as one event, whole. */
export const incidentEvent = (incident: RunIncident, context: Context): LogEvent => ({
  eventName: EVENT_RUN_INCIDENT,
  ...timeOf(incident.run.ended_at, 0),
  // Who was interrupted has not failed.
  ...(incident.result === "interrupted" ? INFO : ERROR),
  body: recordable(incident),
  attributes: {
    ...runAttributes(incident),
    [ATTR_RUN_RESULT]: incident.result,
    [ATTR_CLOSE_CLASS]: incident.close.class,
    ...incidentAttributes(incident),
  },
  context,
});

/** Each piece of its evidence as an event, at its own time. */
export const evidenceEvents = (incident: RunIncident, context: Context): readonly LogEvent[] =>
  incident.evidence.map((evidence) => ({
    eventName: EVENT_RUN_EVIDENCE,
    ...(evidence.time === undefined ? undefined : timeOf(incident.run.started_at, evidence.time)),
    ...INFO,
    body: recordable(evidence),
    attributes: runAttributes(incident),
    context,
  }));

const runAttributes = ({ run }: RunIncident): Record<string, string> =>
  run.id === undefined ? {} : { [ATTR_RUN_ID]: run.id };

// What goes out as JSON is what a record may hold; only the types of interfaces do not say so.
const recordable = (json: RunIncident | IncidentEvidence): LogValue => json as unknown as LogValue;

// As seconds and nanoseconds, because SDKs take a small number for one of the monotonic clock.
const timeOf = (rfc3339: string | undefined, seconds: number): Pick<LogEvent, "timestamp"> => {
  if (rfc3339 === undefined) return {};
  const ms = Date.parse(rfc3339) + seconds * 1000;
  if (!Number.isFinite(ms) || ms < 0) return {};
  const whole = Math.floor(ms / 1000);
  return { timestamp: [whole, Math.round((ms - whole * 1000) * 1e6)] };
};
