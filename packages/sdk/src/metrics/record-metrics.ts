import { registry } from "@otel-lifecycle/api/internal";
import { checkOptions, type Expected } from "../check-options.ts";
import { warn } from "../position.ts";
import { createMetricsObserver } from "./metrics-observer.ts";

/** What {@link recordMetrics} takes. */
export interface MetricsOptions {
  /**
   * Counts the runs too that nobody began through the API: local root spans. Default: false,
   * because HTTP servers have a duration metric of their own.
   */
  readonly automaticRuns?: boolean;
}

/**
 * Records `lifecycle.run.active`, `lifecycle.run.duration`, `lifecycle.action.duration` and
 * `lifecycle.interrupt.duration` from now on, in seconds, through the meter provider that is
 * registered at each recording; without one nothing is. What the head sampler drops is counted
 * too. Returns its undoing: runs that are in flight then are still counted to their end.
 *
 * Once a process: a second call warns through `diag` and changes nothing.
 *
 * @throws LifecycleError `invalid_option` or `unknown_option`.
 */
export const recordMetrics = (options: MetricsOptions = {}): (() => void) => {
  checkOptions("recordMetrics", options, EXPECTED);
  const { automaticRuns = false } = options;
  const observer = createMetricsObserver((run) => automaticRuns || run.origin !== "automatic");
  if (registry.observer !== undefined) {
    warn("recordMetrics() was called before: the first call stands. Take one out.");
    return () => undefined;
  }
  registry.observer = observer;
  return () => {
    if (registry.observer === observer) registry.observer = undefined;
  };
};

const EXPECTED: Expected<MetricsOptions> = {
  automaticRuns: { what: "a boolean", fits: (value) => typeof value === "boolean" },
};
