import type { ManagedAction } from "./actions/managed-action.ts";
import type { ActionResult, InterruptResult } from "./attributes.ts";
import { reportFailure } from "./diagnostics.ts";
import { registry } from "./registry.ts";
import type { ManagedRun } from "./runs/managed-run.ts";

/** What hears of every run, action and interrupt, sampled or not: for metrics. */
export interface LifecycleObserver {
  /** What it gives is told of the run's end; nothing, if it does not count that run. */
  runBegan(run: ManagedRun): RunObservation | undefined;
  actionEnded(action: ManagedAction, result: ActionResult): void;
  interruptEnded(interrupt: ObservedInterrupt): void;
}

/** An observer's note on one run. It hangs on the run, so what was counted up is counted down. */
export interface RunObservation {
  /** Told once: the run has its close, or leaves the registry without one. */
  ended(run: ManagedRun): void;
}

/** A run that an action interrupted, from being asked until it stopped or the action gave up. */
export interface ObservedInterrupt {
  readonly action: ManagedAction;
  readonly run: ManagedRun;
  /** In ms, monotonic. */
  readonly from: number;
  readonly to: number;
  readonly result: InterruptResult;
}

/** Tells the observer, if there is one, that a run is in flight. */
export const observeBegin = (run: ManagedRun): void => {
  if (registry.observer === undefined) return;
  try {
    run.observation = registry.observer.runBegan(run);
  } catch (error) {
    reportFailure(WHAT, error);
  }
};

/** Tells whoever counted the run that it no longer is; once. */
export const observeEnd = (run: ManagedRun): void => {
  const { observation } = run;
  if (observation === undefined) return;
  run.observation = undefined;
  try {
    observation.ended(run);
  } catch (error) {
    reportFailure(WHAT, error);
  }
};

/** Tells the observer, if there is one, that an action's span has ended. */
export const observeAction = (action: ManagedAction, result: ActionResult): void => {
  try {
    registry.observer?.actionEnded(action, result);
  } catch (error) {
    reportFailure(WHAT, error);
  }
};

/** Tells the observer, if there is one, of each run that an action interrupted, without a bound. */
export const observeInterrupt = (interrupt: ObservedInterrupt): void => {
  try {
    registry.observer?.interruptEnded(interrupt);
  } catch (error) {
    reportFailure(WHAT, error);
  }
};

const WHAT = "metrics";
