import { type Run, type RunOptions, startRun, withRun } from "@otel-lifecycle/api";

/** Rejects with the signal's reason once it fires, as `fetch` does. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** A run that goes on until it is asked to stop, and then ends with the reason. */
export function untilAsked(options: RunOptions): {
  readonly run: Run;
  readonly ended: Promise<void>;
} {
  const run = startRun(options);
  const ended = untilAborted(run.signal).catch((reason: unknown) => run.fail(reason));
  return { run, ended };
}

/** The same as one function: its promise rejects with what the run ended with. */
export function workUntilAsked(options: RunOptions): Promise<never> {
  return withRun(options, (run) => untilAborted(run.signal));
}
