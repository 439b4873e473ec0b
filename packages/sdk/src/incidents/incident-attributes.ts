import {
  ATTR_INCIDENT_CAUSE,
  ATTR_INCIDENT_PHASE,
  ATTR_INCIDENT_RETRY_RECOMMENDATION,
  ATTR_INCIDENT_SUBCAUSE,
} from "@otel-lifecycle/api";
import type { Judgement } from "@otel-lifecycle/incidents";

/** What the run's span carries of an incident; the rest is in the export. */
export const incidentAttributes = ({
  cause,
  subcause,
  phases,
  retry,
}: Judgement): Record<string, string> => ({
  [ATTR_INCIDENT_CAUSE]: cause,
  ...(subcause === undefined ? undefined : { [ATTR_INCIDENT_SUBCAUSE]: subcause }),
  [ATTR_INCIDENT_PHASE]: phases.run,
  [ATTR_INCIDENT_RETRY_RECOMMENDATION]: retry.recommendation,
});
