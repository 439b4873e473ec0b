import { ROOT_CONTEXT, type Span } from "@opentelemetry/api";
import { type Action, processScope, startAction } from "@otel-lifecycle/api";
import {
  enterContext,
  guarded,
  type ManagedRun,
  processNode,
  registry,
  runsIn,
  settle,
  spansBelow,
} from "@otel-lifecycle/api/internal";
import { isOfProcessor } from "./position.ts";

/**
 * Ends what a processor has in flight when its SDK shuts down: runs, then actions, which count
 * them, then what is below the runs. Synchronous: the exporting processor behind it takes no span
 * afterwards, and what its queue does not hold is lost, so what matters most comes first.
 */
export const endOpenSpans = (processor: object): void => {
  const runs = [...new Set(runsIn(processNode()))].filter((run) => isSeenBy(processor, run));
  const below = runs.flatMap((run) => spansBelow(run, processor));
  const shutdown = runs.length > 0 ? beginShutdown() : undefined;
  for (const run of runs) settle(run, { type: "shut_down" });
  shutdown?.end();
  for (const action of [...registry.actions.values()]) {
    if (action.processor === processor) guarded("shutdown of an action", () => action.finishNow());
  }
  for (const span of below) guarded("shutdown of a span", () => end(span));
};

/** True if something is in flight that a shutdown would have to end. */
export const hasOpenSpans = (processor: object): boolean => {
  for (const run of runsIn(processNode())) if (isSeenBy(processor, run)) return true;
  for (const action of registry.actions.values()) if (action.processor === processor) return true;
  return false;
};

// The application may have a shutdown action of its own around this; then that is the one.
const beginShutdown = (): Action | undefined => {
  for (const { kind, scope, isRunning } of registry.actions.values()) {
    if (kind === "shutdown" && isRunning && scope === processNode()) return undefined;
  }
  return enterContext(ROOT_CONTEXT, startAction, {
    kind: "shutdown",
    scope: processScope(),
    trigger: "runtime",
    operation: "TracerProvider.shutdown",
    // The runs themselves may go on; it is their spans that cannot.
    interrupt: "record",
  });
};

const end = (span: Span): void => {
  if (span.isRecording()) span.end();
};

// A span that was adopted began before anybody knew that it would be a run.
const isSeenBy = (processor: object, run: ManagedRun): boolean =>
  run.processor === processor ||
  (run.adopted && guarded("shutdown of a run", () => isOpenOf(processor, run.span)) === true);

const isOpenOf = (processor: object, span: Span): boolean =>
  span.isRecording() && isOfProcessor(processor, span);
