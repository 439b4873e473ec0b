import type { RunIncident } from "@otel-lifecycle/incidents";

/** Incidents, each once, up to a bound. */
export interface IncidentStore {
  /** Keeps new ones; of one that is delivered twice, as an exporter's retry does, the first. */
  readonly add: (incidents: readonly RunIncident[]) => void;
  /** In the order in which their runs began; of those that do not say when, as they came, last. */
  readonly all: () => readonly RunIncident[];
  /** How many found no room. */
  readonly leftOut: () => number;
}

/** How many incidents are kept: of the largest, some 2 GB. */
export const MOST_INCIDENTS = 100_000;

export function createIncidentStore(mostIncidents: number = MOST_INCIDENTS): IncidentStore {
  const kept = new Map<string, RunIncident>();
  let leftOut = 0;
  return {
    add: (incidents) => {
      for (const incident of incidents) {
        const key = keyOf(incident);
        if (kept.has(key)) continue;
        if (kept.size < mostIncidents) kept.set(key, incident);
        else leftOut += 1;
      }
    },
    all: () => [...kept.values()].sort(byBeginning),
    leftOut: () => leftOut,
  };
}

function keyOf(incident: RunIncident): string {
  const { incident_id: id, run } = incident;
  // Without a span the id is the application's, which may come again, or none; and ids that were
  // withheld are all alike.
  const isUnique = id !== "redacted" && run.trace_id !== undefined && run.span_id !== undefined;
  return isUnique ? id : JSON.stringify(incident);
}

// RFC 3339 in UTC sorts as text, and no time sorts behind this.
const NEVER = "~";

function byBeginning({ run: one }: RunIncident, { run: other }: RunIncident): number {
  const { started_at: start = NEVER } = one;
  const { started_at: otherStart = NEVER } = other;
  if (start === otherStart) return 0;
  return start < otherStart ? -1 : 1;
}
