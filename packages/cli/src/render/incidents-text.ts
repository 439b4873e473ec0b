import type { RunIncident } from "@otel-lifecycle/incidents";
import { groupedBy } from "../account/grouped.ts";
import { incidentLines } from "./incident-block.ts";
import { ansi, plain } from "./paint.ts";
import { screenText } from "./screen-text.ts";

const LONGEST_COUNTS = 300;

/** How incidents are written. */
export interface IncidentRenderOptions {
  /** `ansi` for a terminal; default `none`. */
  readonly colour?: "ansi" | "none";
  /** How wide a line may be, 80 to 120 characters; default 100. A longer word exceeds it. */
  readonly columns?: number | undefined;
}

/**
 * Incidents as text, ending in a line feed: a block each, and their number by what may be done. They
 * are to be such as `parseIncidents` gives; whatever they hold, the text holds no control character
 * but line feeds and, with `ansi`, its own colours.
 */
export function renderIncidents(
  incidents: readonly RunIncident[],
  options: IncidentRenderOptions = {},
): string {
  const paint = options.colour === "ansi" ? ansi : plain;
  const columns = Math.min(120, Math.max(80, options.columns ?? 100));
  const blocks = incidents.map((incident) => incidentLines(incident, { columns, paint }));
  return [...blocks, [countsLine(incidents)]].map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function countsLine(incidents: readonly RunIncident[]): string {
  if (incidents.length === 0) return "no incident is in this input";
  const groups = groupedBy(incidents, ({ retry }) => retry.recommendation);
  const counts = [...groups].map(([advice, { length }]) => `${length} ${advice}`).join(", ");
  const total = `${incidents.length} ${incidents.length === 1 ? "incident" : "incidents"}`;
  return `${total}: ${screenText(counts, LONGEST_COUNTS)}`;
}
