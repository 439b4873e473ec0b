import type { Run, Watchdog as WatchdogName } from "@otel-lifecycle/api";

/** Gives up on a provider that has gone silent. */
export interface Watchdog {
  /** What the request listens to: the run's stop, and the watchdog's. */
  readonly signal: AbortSignal;
  /** Expects a sign of life within `ms`, in place of what it expected before. */
  readonly expect: (watchdog: WatchdogName, ms: number) => void;
  readonly close: () => void;
}

export const createWatchdog = (run: Run): Watchdog => {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  // Passed on by hand: on some releases of Node 24 `AbortSignal.any` forgets why it was aborted.
  const passOn = (): void => controller.abort(run.signal.reason);
  if (run.signal.aborted) passOn();
  else run.signal.addEventListener("abort", passOn, { once: true });

  const fire = (watchdog: WatchdogName): void => {
    run.evidence("watchdog_fired", { watchdog });
    controller.abort(new DOMException("The provider is silent.", "TimeoutError"));
  };

  return {
    signal: controller.signal,
    expect: (watchdog, ms) => {
      clearTimeout(timer);
      timer = setTimeout(fire, ms, watchdog);
    },
    close: () => {
      clearTimeout(timer);
      run.signal.removeEventListener("abort", passOn);
    },
  };
};
