import type { ManagedRun } from "@otel-lifecycle/api/internal";
import type { RunIncident } from "@otel-lifecycle/incidents";
import type { Reported } from "./incident-sink.ts";

/** An incident that is decided and not told yet. */
export interface Untold extends Pick<Reported, "isOneOfMany"> {
  readonly run: ManagedRun;
  /** Total: nothing is thrown. */
  tell(): RunIncident | undefined;
}
