import type { IncidentOptions } from "@otel-lifecycle/sdk/incidents";
import { loadBeside } from "./load-beside.ts";
import { registration } from "./registration.ts";

/** Records incidents from now on, or as soon as what derives them is loaded. */
export const recordIncidentsAs = (options: IncidentOptions): void =>
  loadBeside<typeof import("@otel-lifecycle/sdk/incidents")>({
    what: "incidents could not be recorded",
    specifier: "@otel-lifecycle/sdk/incidents",
    load: () => import("@otel-lifecycle/sdk/incidents"),
    use: ({ recordIncidents }) => {
      registration.incidents = recordIncidents(options);
    },
  });
