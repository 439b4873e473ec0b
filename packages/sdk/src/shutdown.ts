import { ROOT_CONTEXT } from "@opentelemetry/api";
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

/**
 * Ends what a processor has in flight when its SDK shuts down: runs, what is below them, and
 * actions last, because they count the runs. Synchronous: the exporting processor behind it takes
 * no span afterwards.
 */
export const endOpenSpans = (processor: object): void => {
  const runs = [...runsIn(processNode())].filter((run) => isSeenBy(processor, run));
  const shutdown = runs.length > 0 ? beginShutdown() : undefined;
  for (const run of runs) {
    const below = spansBelow(run);
    guarded("shutdown of a run", () => settle(run, { type: "shut_down" }));
    for (const span of below) guarded("shutdown of a span", () => span.end());
  }
  shutdown?.end();
  for (const action of [...registry.actions.values()]) {
    if (action.processor === processor) guarded("shutdown of an action", () => action.finishNow());
  }
};

// The application may have a shutdown action of its own around this; then that is the one.
const beginShutdown = (): Action | undefined => {
  for (const { kind } of registry.actions.values()) if (kind === "shutdown") return undefined;
  return enterContext(ROOT_CONTEXT, startAction, {
    kind: "shutdown",
    scope: processScope(),
    trigger: "runtime",
    operation: "TracerProvider.shutdown",
    // The runs themselves may go on; it is their spans that cannot.
    interrupt: "record",
  });
};

// A span that was adopted began before anybody knew that it would be a run.
const isSeenBy = (processor: object, run: ManagedRun): boolean =>
  run.processor === processor || (run.adopted && run.span.isRecording());
