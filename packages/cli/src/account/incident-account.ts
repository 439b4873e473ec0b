import {
  ATTR_INCIDENT_CAUSE,
  ATTR_INCIDENT_PHASE,
  ATTR_INCIDENT_RETRY_RECOMMENDATION,
  ATTR_INCIDENT_SUBCAUSE,
} from "@otel-lifecycle/api";
import { briefOf } from "@otel-lifecycle/incidents";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { stringAttribute } from "./attribute.ts";

/** What a run's own span says of its incident. Every value is as the span has it. */
export interface IncidentAccount {
  readonly cause: string;
  readonly subcause: string | undefined;
  readonly phase: string | undefined;
  readonly recommendation: string | undefined;
  /** One plain English line of it, safe to print. */
  readonly summary: string;
}

/** The incident that a span tells of, if it has a `lifecycle.incident.cause` that can be told. */
export function incidentOf(span: LifecycleSpan): IncidentAccount | undefined {
  const cause = stringAttribute(span, ATTR_INCIDENT_CAUSE);
  if (cause === undefined) return undefined;
  const brief = {
    cause,
    subcause: stringAttribute(span, ATTR_INCIDENT_SUBCAUSE),
    phase: stringAttribute(span, ATTR_INCIDENT_PHASE),
    recommendation: stringAttribute(span, ATTR_INCIDENT_RETRY_RECOMMENDATION),
  };
  const summary = briefOf(brief);
  return summary === undefined ? undefined : { ...brief, summary };
}
