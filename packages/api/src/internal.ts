// For the packages of this project, in this version: what the span processor needs of the registry.
// Not part of the public surface; it may change in any release.
export type { ManagedAction } from "./actions/managed-action.ts";
export { MAX_INTERRUPTS } from "./actions/tally.ts";
export { enterContext } from "./active-context.ts";
export type { Cause } from "./closes/cause.ts";
export { proofOf } from "./closes/error-proof.ts";
export { codeOf, errorsOf, nameOf } from "./closes/error-tree.ts";
export { guarded, noteBounded, reportFailure } from "./diagnostics.ts";
export type { EvidenceRecorder, RecordedEnd } from "./evidence/recorder.ts";
export { describe } from "./lifecycle-error.ts";
export type {
  LifecycleObserver,
  ObservedInterrupt,
  RunObservation,
} from "./lifecycle-observer.ts";
export { noteDropped, type SpanSink } from "./own-span.ts";
export { type Registry, registry } from "./registry.ts";
export { journalled, type RunJournal } from "./run-journal.ts";
export { beginAutomaticRun } from "./runs/automatic-run.ts";
export { inheritedAttributes, inheritedBy } from "./runs/bequest.ts";
export type { Exchange } from "./runs/exchange.ts";
export type { ManagedRun } from "./runs/managed-run.ts";
export { TURNED } from "./runs/rescue.ts";
export { liveRun, runIn } from "./runs/run-in.ts";
export { settle, settleWithSpan } from "./runs/settle.ts";
export {
  addBelow,
  getSpanState,
  removeBelow,
  type SpanState,
  spansBelow,
} from "./runs/span-state.ts";
export { failureOf } from "./runs/stamp-run.ts";
export { runsIn } from "./scopes/in-flight.ts";
export { processNode } from "./scopes/scope.ts";
export { failureOn, stamp } from "./stamp.ts";
export { VERSION } from "./version.ts";
