import type { RunIncident, RunIncidents } from "../incident/run-incident.ts";
import { safeIncident } from "./safe-incident.ts";

/**
 * The document of these incidents, as `run-incidents.schema.json` describes it. Each is sanitised
 * once more, because anybody may have made it; what is no incident is left out, and so is what
 * comes after the first 10,000.
 */
export const toDocument = (incidents: readonly RunIncident[]): RunIncidents => ({
  schema_version: 1,
  run_incidents: incidents
    .map(safeIncident)
    .filter((incident) => incident !== undefined)
    .slice(0, MAX_INCIDENTS),
});

const MAX_INCIDENTS = 10_000;

/**
 * One incident as a line of JSON Lines, sanitised once more, without the newline at its end. Empty
 * for what is no incident: whoever reads the lines skips that.
 */
export const toJsonLine = (incident: RunIncident): string => {
  const safe = safeIncident(incident);
  // No string in it can hold a newline, nor what JavaScript takes for one.
  return safe === undefined ? "" : JSON.stringify(safe);
};
