import { GraphDrawStyle } from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { PROMETHEUS } from "../data-sources.ts";
import { LABEL } from "../metric-names.ts";
import { interrupts, RANGE, secondsToStop } from "../promql.ts";
import { rows, series } from "../queries.ts";

const SOURCE =
  "From the application's SDK, whatever counts the rest. Without a meter provider in the application it is empty; the interrupt spans in Tempo then tell the same of single runs.";

/** How long runs take to stop once an action asked them to. */
export const stopping = (): { build(): Panel }[] => [overTime(), byKind()];

const overTime = (): { build(): Panel } =>
  new TimeSeriesBuilder()
    .title("How long runs take to stop")
    .description(
      `From being asked to stop until having stopped: half of the runs (p50) and 19 of 20 (p95) were faster than this, by the kind of the action. Estimated within the histogram's buckets, over the ten minutes before. ${SOURCE}`,
    )
    .datasource(PROMETHEUS)
    .height(8)
    .span(12)
    .unit("s")
    .min(0)
    .drawStyle(GraphDrawStyle.Line)
    .withTarget(series("A", secondsToStop(0.5, "10m"), `{{${LABEL.actionKind}}} p50`))
    .withTarget(series("B", secondsToStop(0.95, "10m"), `{{${LABEL.actionKind}}} p95`));

const byKind = (): { build(): Panel } =>
  new TableBuilder()
    .title("Slow to stop, by the action's kind")
    .description(
      `Over the whole time range: seconds within which half and 19 of 20 of the runs had stopped, how many were asked, and how many had not stopped when the action gave up waiting (unsettled). ${SOURCE}`,
    )
    .datasource(PROMETHEUS)
    .height(8)
    .span(12)
    .withTarget(rows("p50", secondsToStop(0.5, RANGE)))
    .withTarget(rows("p95", secondsToStop(0.95, RANGE)))
    .withTarget(rows("asked", `sum by (${LABEL.actionKind}) (${interrupts(RANGE)})`))
    .withTarget(rows("unsettled", `sum by (${LABEL.actionKind}) (${unsettled()})`))
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({
      id: "organize",
      options: { excludeByName: { Time: true }, renameByName },
    })
    .overrideByRegexp("^p\\d+$", [{ id: "unit", value: "s" }])
    .overrideByRegexp("^(asked|unsettled)$", [{ id: "decimals", value: 0 }]);

const unsettled = (): string => interrupts(RANGE, `${LABEL.interruptResult}="unsettled"`);

// Grafana calls the values of several table queries after their refId.
const renameByName = {
  [LABEL.actionKind]: "action",
  "Value #p50": "p50",
  "Value #p95": "p95",
  "Value #asked": "asked",
  "Value #unsettled": "unsettled",
};
