import { LABEL, SDK_METRIC } from "./metric-names.ts";

/** Label matchers, as they stand between the braces. */
export type Matchers = readonly string[];

// The attribute and not the `job` that Prometheus makes of it: whose job the gateway's counts are is
// the scrape's to say, and Tempo knows the name alone.
const SERVICE = 'service_name=~"$service"';

/** What ended in the panel's time range. */
export const RANGE = "$__range";
/** What ended in one step of the panel. */
export const STEP = "$__interval";

// The gateway's metric says `runs` and `actions`, the application's `run` and `action`: one
// expression reads the one that the variable `source` names.
const histogram = (noun: "run" | "action", part: string, matchers: Matchers): string => {
  const name = `__name__=~"\${source}_${noun}s?_duration_seconds_${part}"`;
  return `{${[name, SERVICE, ...matchers].join(", ")}}`;
};

/** How many runs ended within `window`. */
export const runs = (window: string, ...matchers: Matchers): string =>
  `increase(${histogram("run", "count", matchers)}[${window}])`;

/** How many actions ended within `window`. */
export const actions = (window: string, ...matchers: Matchers): string =>
  `increase(${histogram("action", "count", matchers)}[${window}])`;

/** How many runs an action asked to stop and saw the end of, or gave up on, within `window`. */
export const interrupts = (window: string, ...matchers: Matchers): string =>
  `increase(${SDK_METRIC.interruptDuration}_count{${[SERVICE, ...matchers].join(", ")}}[${window}])`;

/** Seconds within which the share `quantile` of runs had stopped, by the action's kind. */
export const secondsToStop = (quantile: number, window: string): string => {
  const buckets = `increase(${SDK_METRIC.interruptDuration}_bucket{${SERVICE}}[${window}])`;
  return `histogram_quantile(${quantile}, sum by (le, ${LABEL.actionKind}) (${buckets}))`;
};

/** Seconds within which the share `quantile` of runs had ended, by how they ended. */
export const secondsToEnd = (quantile: number, window: string): string => {
  const buckets = `increase(${histogram("run", "bucket", [])}[${window}])`;
  return `histogram_quantile(${quantile}, sum by (le, ${LABEL.runResult}) (${buckets}))`;
};

/** Runs that have begun and not ended, by their scope's kind. */
export const runsInFlight = (): string =>
  `sum by (${LABEL.scopeKind}) (${SDK_METRIC.runActive}{${SERVICE}})`;

/** The sum of `series`, 0 where there is none: a service without a failure has a rate of 0. */
const sumOrZero = (series: string): string => `(sum(${series}) or vector(0))`;

/** `part` of `whole`, absent where the whole is 0: nothing ended, so there is no rate. */
const share = (part: string, whole: string): string => `${sumOrZero(part)} / (sum(${whole}) > 0)`;

const result = (values: string): string => `${LABEL.runResult}=~"${values}"`;

/** Completed of all that was not interrupted: an interruption is no success and no failure. */
export const successRate = (window: string): string =>
  share(runs(window, result("completed")), runs(window, result("completed|failed|lost")));

/** Failed and lost of all. */
export const failureRate = (window: string): string =>
  share(runs(window, result("failed|lost")), runs(window));

/** Interrupted of all. */
export const interruptionRate = (window: string): string =>
  share(runs(window, result("interrupted")), runs(window));

/** Runs with one of these results, by `label`. */
export const runsBy = (label: string, window: string, results: string): string =>
  `sum by (${label}) (${runs(window, result(results))})`;
