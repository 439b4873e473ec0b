import { type Close, resultOf } from "@otel-lifecycle/api";
import { type ManagedRun, type RecordedEnd, registry } from "@otel-lifecycle/api/internal";
import { type EndTold, endFacts, type OwnFacts } from "@otel-lifecycle/incidents";
import type { LifecycleFact } from "./lifecycle-fact.ts";

/** How a run ended that did not complete. */
export interface RunEnd extends RecordedEnd {
  readonly run: ManagedRun;
  readonly close: Exclude<Close, { type: "completed" }>;
}

/** What the run ended with: the last of its evidence. */
export const endedWith = (
  { run, close, thrown }: RunEnd,
  closing: OwnFacts | undefined,
): LifecycleFact => ({
  type: "run_ended",
  told: endFacts({ end: endOf(run, close), thrown, errorType: errorTypeOf(close), closing }),
  order: ++registry.sequence,
  at: run.stoppedAt,
});

// That of a span of somebody else's is the span's `error.type`.
const errorTypeOf = ({ errorType }: RunEnd["close"]): string | undefined =>
  errorType === "_OTHER" ? undefined : errorType;

const endOf = (run: ManagedRun, close: RunEnd["close"]): EndTold["end"] => ({
  result: resultOf(close, run.timeoutResult),
  class: close.type,
  confidence: close.confidence,
  via: close.via,
  ...(close.type === "unknown_scope_close" ? { missing: close.missing } : undefined),
});
