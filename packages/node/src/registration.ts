import type { IncidentRecording } from "@otel-lifecycle/sdk/incidents";
import type { ProcessJournal } from "./journal/process-journal.ts";
import type { Pipeline } from "./pipeline.ts";

/** What this process has registered, shared by all copies of this package. */
export interface Registration {
  /** Ours, or after another SDK has taken over, that one's; undefined before there is one. */
  pipeline: Pipeline | undefined;
  /** The provider of that pipeline. */
  provider: object | undefined;
  /** What records incidents, where the environment asks for them. */
  incidents: IncidentRecording | undefined;
  /** What is kept of our own pipeline's runs, where the environment asks for it. */
  journal: ProcessJournal | undefined;
  isRegistered: boolean;
}

const KEY = Symbol.for("@otel-lifecycle/node.v1");

export const registration: Registration = ((globalThis as { [KEY]?: Registration })[KEY] ??= {
  pipeline: undefined,
  provider: undefined,
  incidents: undefined,
  journal: undefined,
  isRegistered: false,
});

/** The pipeline that spans go through now; another one once another SDK has taken over. */
export const currentPipeline = (): Pipeline | undefined => registration.pipeline;

/** True for the first who asks: the flag may be given twice, as `--require` and as `--import`. */
export function claimRegistration(): boolean {
  if (registration.isRegistered) return false;
  registration.isRegistered = true;
  return true;
}
