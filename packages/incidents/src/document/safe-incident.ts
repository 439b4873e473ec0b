import type { RunIncident } from "../incident/run-incident.ts";
import { fit } from "./fit.ts";
import { INCIDENT, MAX_PATHS } from "./incident-shape.ts";

/**
 * A copy of an incident that may leave the process or be printed, whoever made it: what is not
 * allowed is withheld and named in `redactions`. Nothing, if it is no incident. Never throws, and
 * leaves a safe one as it is.
 */
export const safeIncident = (given: unknown): RunIncident | undefined => {
  const fitted = fit(INCIDENT, given);
  if (fitted === undefined) return undefined;
  const { value, withheld } = fitted;
  const redactions = [...new Set([...value.redactions, ...withheld])].slice(0, MAX_PATHS);
  return { ...value, redactions };
};
