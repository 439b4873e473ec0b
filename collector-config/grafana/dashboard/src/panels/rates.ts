import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
} from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { PROMETHEUS } from "../data-sources.ts";
import { LABEL } from "../metric-names.ts";
import {
  failureRate,
  interruptionRate,
  RANGE,
  runs,
  runsInFlight,
  secondsToEnd,
  successRate,
} from "../promql.ts";
import { overall, series, seriesWithTraces } from "../queries.ts";

const SUCCESS =
  "Completed runs of all that were not interrupted: completed / (all − interrupted). An interruption counts neither as a success nor as a failure, because whoever closed the run did not judge its work. No value where nothing but interruptions ended.";
const FAILURE =
  "Failed and lost runs of all: (failed + lost) / all, with interruptions in the whole.";
const INTERRUPTION =
  "Interrupted runs of all: interrupted / all. Closed by an action, by the user or by a client that left, or by nobody who is known.";

/** How runs ended, each as one number for the time range. */
export const rates = (): { build(): Panel }[] => [
  stat("Success rate", SUCCESS, successRate(RANGE)).unit("percentunit").max(1),
  stat("Failure rate", FAILURE, failureRate(RANGE)).unit("percentunit").max(1),
  stat("Interruption rate", INTERRUPTION, interruptionRate(RANGE)).unit("percentunit").max(1),
  stat(
    "Runs that ended",
    "All runs that ended in the time range: completed, interrupted, failed and lost. Prometheus extrapolates to the edges of the range, so it is near the count and not the count.",
    `sum(${runs(RANGE)})`,
  ).decimals(0),
];

/** The three rates over time. */
export const ratesOverTime = (): { build(): Panel } =>
  new TimeSeriesBuilder()
    .title("Rates")
    .description(
      `Success: ${SUCCESS} Failure: ${FAILURE} Interruption: ${INTERRUPTION} Each over the ten minutes before.`,
    )
    .datasource(PROMETHEUS)
    .height(8)
    .span(12)
    .unit("percentunit")
    .min(0)
    .max(1)
    .withTarget(series("A", successRate("10m"), "success"))
    .withTarget(series("B", failureRate("10m"), "failure"))
    .withTarget(series("C", interruptionRate("10m"), "interruption"));

/** Runs in flight, which the application's SDK alone can know. */
export const inFlight = (): { build(): Panel } =>
  new TimeSeriesBuilder()
    .title("Runs in flight")
    .description(
      "Runs that have begun and not ended, by their scope's kind. From the application's SDK, whatever counts the rest: a run has no span at the gateway before it has ended. Without a meter provider in the application it is empty.",
    )
    .datasource(PROMETHEUS)
    .height(8)
    .span(12)
    .unit("short")
    .min(0)
    .withTarget(series("A", runsInFlight(), `{{${LABEL.scopeKind}}}`));

/** How long runs lasted, with single runs on it that lead to their traces. */
export const lasting = (): { build(): Panel } =>
  new TimeSeriesBuilder()
    .title("How long runs lasted")
    .description(
      "From their beginning to their end: 19 of 20 runs (p95) were shorter than this, by how they ended. Estimated within the histogram's buckets, over the ten minutes before. Each dot is one run and opens its trace, where whoever counts records exemplars: the gateway does.",
    )
    .datasource(PROMETHEUS)
    .height(8)
    .span(24)
    .unit("s")
    .min(0)
    .withTarget(seriesWithTraces("A", secondsToEnd(0.95, "10m"), `{{${LABEL.runResult}}} p95`));

const stat = (title: string, description: string, expr: string): StatBuilder =>
  new StatBuilder()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .height(4)
    .span(6)
    .min(0)
    .noValue("none ended")
    .colorMode(BigValueColorMode.None)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Value)
    .withTarget(overall("A", expr, title));
