import type { RunIncident } from "../incident/run-incident.ts";
import { membersOf } from "./fit.ts";
import { safeIncident } from "./safe-incident.ts";

/** What was found in a file of incidents. */
export interface ReadIncidents {
  /** Sanitised once more: safe to print on a terminal. */
  readonly incidents: readonly RunIncident[];
  /** How many incidents or lines did not fit, and are not in it. */
  readonly leftOut: number;
}

/**
 * The incidents of a document, of JSON Lines, or a single one; as text, or parsed already. Never
 * throws: what does not fit is left out and counted, and of what fits every string is held
 * against the same lists as when it was exported.
 */
export const readIncidents = (given: unknown): ReadIncidents => {
  const found = (typeof given === "string" ? valuesOf(given) : [given]).flatMap(incidentsIn);
  const incidents = found.map(safeIncident).filter((incident) => incident !== undefined);
  return { incidents, leftOut: found.length - incidents.length };
};

/** A text that is no JSON as a whole is one value a line. */
const valuesOf = (text: string): readonly unknown[] => {
  const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const whole = parsed(json);
  if (whole !== undefined) return [whole];
  return json
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(parsed);
};

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    // Torn, or nested deeper than the parser goes.
    return undefined;
  }
};

const incidentsIn = (value: unknown): readonly unknown[] => {
  try {
    if (!isDocument(value)) return [value];
    const { run_incidents: given } = value;
    return given.length > MAX_MEMBERS ? [undefined] : membersOf(given, MAX_MEMBERS);
  } catch {
    // A getter or a proxy of somebody's.
    return [undefined];
  }
};

/** More than any text can hold. */
const MAX_MEMBERS = 1_000_000;

const isDocument = (value: unknown): value is { readonly run_incidents: readonly unknown[] } =>
  typeof value === "object" &&
  value !== null &&
  Object.hasOwn(value, "run_incidents") &&
  (value as { readonly schema_version?: unknown }).schema_version === 1 &&
  Array.isArray((value as { readonly run_incidents: unknown }).run_incidents);

const BYTE_ORDER_MARK = "\uFEFF";
