import { type IncidentOptions, recordIncidents } from "@otel-lifecycle/sdk/incidents";

/** Does some of it while incidents are recorded, and gives what was measured of that. */
export const recorded = async <T>(
  options: IncidentOptions,
  step: () => T | Promise<T>,
): Promise<T> => {
  const recording = recordIncidents(options);
  try {
    return await step();
  } finally {
    recording.stop();
    await recording.flush();
  }
};

/** Takes incidents and does nothing with them, so that each has to be told. */
export const telling: IncidentOptions = { onIncident: () => undefined };
