import type { OwnEvidence, OwnFacts } from "@otel-lifecycle/incidents";

/** What this project itself knows of a run. */
export interface LifecycleFact {
  readonly type: OwnEvidence["type"];
  readonly told: OwnFacts;
  /** Its place on the thread's counter, and when it was, in ms on the monotonic clock; if known. */
  readonly order?: number;
  readonly at?: number;
}
