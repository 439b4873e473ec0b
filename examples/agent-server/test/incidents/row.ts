import type { RunIncident } from "@otel-lifecycle/incidents";
import type { Phase } from "../../src/agent-run.ts";
import type { MessageRequest } from "../../src/demo/agent-client.ts";
import type { Driver } from "./driver.ts";

/** A run, what its provider is like, what is done to it, and what its incident tells. */
export interface Row {
  readonly title: string;
  readonly id: string;
  readonly message: Pick<MessageRequest, "model"> & Partial<MessageRequest>;
  /** Where the run is to be before anything is done to it. */
  readonly until?: Phase;
  readonly act?: (driver: Driver) => Promise<unknown>;
  /** What is done ends the whole server. */
  readonly ends?: "server";
  readonly told: Told;
}

/** What an incident says, on one line. */
export interface Told {
  readonly cause: string;
  /** `run / stream / tool` */
  readonly phases: string;
  readonly advice: string;
  /** The older form. */
  readonly key: string;
  readonly retrySafety: string;
}

export const toldBy = (incident: RunIncident | undefined): Told | undefined => {
  if (incident === undefined) return undefined;
  const { cause, subcause, phases, retry, classification, summary_key, retry_safety } = incident;
  return {
    cause: subcause === undefined ? cause : `${cause}/${subcause}`,
    phases: `${phases.run} / ${phases.stream} / ${phases.tool}`,
    advice: retry.recommendation,
    // The classification stands in front of the dot; that it does is told, too.
    key: summary_key.startsWith(`${classification}.`) ? summary_key : `not ${classification}`,
    retrySafety: retry_safety.recommendation,
  };
};
