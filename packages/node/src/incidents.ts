import { createRequire } from "node:module";
import type { IncidentOptions } from "@otel-lifecycle/sdk/incidents";
import { attempt } from "./diagnostics.ts";
import { registration } from "./registration.ts";

type Incidents = typeof import("@otel-lifecycle/sdk/incidents");

/**
 * Records incidents from now on. What derives them is loaded here and not with the rest, because
 * every start would wait for what few ask for; by `require`, because the application begins as soon
 * as this returns. Where Node cannot require an ES module (before 20.19 and 22.12) it is loaded
 * beside the start, and what begins before that has no incident.
 */
export function recordIncidentsAs(options: IncidentOptions): void {
  const incidents = required();
  if (incidents !== undefined) begin(incidents, options);
  else void imported(options);
}

function required(): Incidents | undefined {
  try {
    return createRequire(import.meta.url)(SPECIFIER) as Incidents;
  } catch {
    return undefined;
  }
}

async function imported(options: IncidentOptions): Promise<void> {
  try {
    begin(await import("@otel-lifecycle/sdk/incidents"), options);
  } catch (error) {
    // What fails here fails without anybody who waits for it.
    attempt(WHAT, () => {
      throw error;
    });
  }
}

function begin({ recordIncidents }: Incidents, options: IncidentOptions): void {
  attempt(WHAT, () => {
    registration.incidents = recordIncidents(options);
  });
}

const SPECIFIER = "@otel-lifecycle/sdk/incidents";
const WHAT = "incidents could not be recorded";
