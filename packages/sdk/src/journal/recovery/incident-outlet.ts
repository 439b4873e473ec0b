import type { Attributes } from "@opentelemetry/api";
import { guarded, registry, reportFailure } from "@otel-lifecycle/api/internal";
import type { LostRun } from "./judge-spans.ts";
import type { IncidentContext, LostIncident } from "./lost-incidents.ts";
import type { RecoveryOptions } from "./recovery.ts";

/** Where the incidents of a journal's lost runs go. */
export interface IncidentOutlet {
  /** What an incident adds to a lost run. */
  attributesOf(lost: LostRun): Attributes | undefined;
  /**
   * Tells of those among the runs with these numbers that have one, once. Resolves when they are where
   * they belong, or cannot get there now. Never rejects.
   */
  tell(numbers: readonly number[]): Promise<void>;
}

/** One that knows nothing of incidents where the journal's process did not. */
export const openIncidentOutlet = async (
  isRecorded: boolean,
  context: IncidentContext,
  { onIncident }: RecoveryOptions,
): Promise<IncidentOutlet> => {
  if (!isRecorded) return { attributesOf: () => undefined, tell: () => Promise.resolve() };
  // Here, because a process without incidents need not load what derives them.
  const { lostIncidentOf } = await import("./lost-incidents.ts");
  const untold = new Map<number, LostIncident>();
  return {
    attributesOf: (lost) =>
      guarded("incident of a lost run", () => {
        const found = lostIncidentOf(lost, context);
        if (found !== undefined) untold.set(lost.n, found);
        return found?.attributes;
      }),
    tell: async (numbers) => {
      const take = onIncident === undefined ? intoRecording() : oneByOne(onIncident);
      const told: object[] = [];
      for (const n of numbers) {
        const incident = untold.get(n);
        untold.delete(n);
        const one = take && incident && guarded("incident of a lost run", incident.incident);
        if (one !== undefined) told.push(one);
      }
      if (told.length > 0) await take?.(told);
    },
  };
};

type Take = (incidents: readonly object[]) => Promise<void> | undefined;

const oneByOne =
  (onIncident: (incident: object) => void): Take =>
  (incidents) => {
    for (const incident of incidents) guarded("onIncident", () => onIncident(incident));
    return undefined;
  };

/** To where this process's own incidents go, if it records any by now. */
const intoRecording = (): Take | undefined => {
  const recovered = registry.recorder?.recovered;
  return (
    recovered &&
    (async (incidents) => {
      try {
        await recovered(incidents);
      } catch (error) {
        reportFailure("recovered incidents", error);
      }
    })
  );
};
