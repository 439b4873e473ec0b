import type { RunIncident } from "@otel-lifecycle/incidents";
import { byId } from "./by-id.ts";
import { differences } from "./difference.ts";
import type { Driven } from "./driven.ts";

/** Where the incidents are not those of the runs that did not complete, told as they were driven. */
export const unmetIncidents = (driven: Driven, incidents: readonly RunIncident[]): string[] =>
  differences(
    byId(
      driven.runs.flatMap(({ id, incident }) =>
        incident === undefined ? [] : [{ id, ...incident }],
      ),
    ),
    byId(incidents.map(toldIncident)),
    "incident",
  );

const toldIncident = ({ run, cause, subcause, phases, retry }: RunIncident) => ({
  id: run.id ?? "",
  cause,
  subcause: subcause ?? null,
  phase: phases.run,
  advice: retry.recommendation,
});
