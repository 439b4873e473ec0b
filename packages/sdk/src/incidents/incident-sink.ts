import type { Context } from "@opentelemetry/api";
import type { RunIncident } from "@otel-lifecycle/incidents";

/** An incident, and the context of the run that it is of. */
export interface Reported {
  readonly incident: RunIncident;
  readonly context: Context;
  /** Many end at once, and this one is not among the first of them. */
  readonly isOneOfMany: boolean;
}

/** Takes incidents. It must not throw and must not wait. */
export type IncidentSink = (reported: Reported) => void;
