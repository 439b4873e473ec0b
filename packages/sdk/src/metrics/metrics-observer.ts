import type { Attributes } from "@opentelemetry/api";
import {
  type ActionResult,
  ATTR_ACTION_KIND,
  ATTR_ACTION_RESULT,
  ATTR_ERROR_TYPE,
  ATTR_INTERRUPT_RESULT,
  ATTR_SCOPE_KIND,
} from "@otel-lifecycle/api";
import {
  type LifecycleObserver,
  type ManagedAction,
  type ManagedRun,
  proofOf,
  type RunObservation,
} from "@otel-lifecycle/api/internal";
import { createErrorTypes } from "./error-type.ts";
import { createInstrumentSource, type Instruments } from "./instruments.ts";
import { runAttributes } from "./run-attributes.ts";

/** Records what the registry tells it of the runs that `counts`, and of all actions. */
export const createMetricsObserver = (counts: (run: ManagedRun) => boolean): LifecycleObserver => {
  const instrumentsNow = createInstrumentSource();
  const boundErrorType = createErrorTypes();
  return {
    runBegan: (run) => {
      const instruments = instrumentsNow();
      if (instruments === undefined || !counts(run)) return undefined;
      return observeRun(run, instruments, boundErrorType);
    },
    actionEnded: (action, result) => {
      const instruments = instrumentsNow();
      if (instruments === undefined) return;
      const seconds = (performance.now() - action.cover.at) / 1000;
      const attributes = actionAttributes(action, result, boundErrorType);
      instruments.actionDuration.record(seconds, attributes, action.context);
    },
    interruptEnded: ({ action, run, from, to, result }) => {
      if (!counts(run)) return;
      const attributes: Attributes = {
        [ATTR_ACTION_KIND]: action.kind,
        [ATTR_SCOPE_KIND]: run.scope.kind,
        [ATTR_INTERRUPT_RESULT]: result,
      };
      instrumentsNow()?.interruptDuration.record((to - from) / 1000, attributes, run.context);
    },
  };
};

// On the instruments with which it began, so that what one provider counted up it counts down,
// whichever is registered by then.
const observeRun = (
  run: ManagedRun,
  { runActive, runDuration }: Instruments,
  boundErrorType: (errorType: string) => string,
): RunObservation => {
  const began = performance.now();
  const scope: Attributes = { [ATTR_SCOPE_KIND]: run.scope.kind };
  runActive.add(1, scope, run.context);
  return {
    ended: ({ close, context }) => {
      const seconds = (performance.now() - began) / 1000;
      runActive.add(-1, scope, context);
      // One that leaves the registry without a close is another run's from then on.
      if (close === undefined) return;
      runDuration.record(seconds, runAttributes(run, close, boundErrorType), context);
    },
  };
};

const actionAttributes = (
  { kind, failure }: ManagedAction,
  result: ActionResult,
  boundErrorType: (errorType: string) => string,
): Attributes => ({
  [ATTR_ACTION_KIND]: kind,
  [ATTR_ACTION_RESULT]: result,
  ...(failure === undefined
    ? undefined
    : { [ATTR_ERROR_TYPE]: boundErrorType(proofOf(failure.error).errorType ?? "_OTHER") }),
});
