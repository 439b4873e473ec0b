import type { RunIncident } from "@otel-lifecycle/incidents";
import type { Reported } from "./incident-sink.ts";

/** An incident that is decided and not told yet. */
export interface Untold extends Omit<Reported, "incident"> {
  /** Total: nothing is thrown. */
  tell(): RunIncident | undefined;
}
