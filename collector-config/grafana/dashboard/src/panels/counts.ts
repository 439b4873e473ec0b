import {
  GraphDrawStyle,
  StackingConfigBuilder,
  StackingMode,
} from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { PROMETHEUS } from "../data-sources.ts";
import { LABEL } from "../metric-names.ts";
import { actions, runs, runsBy, STEP } from "../promql.ts";
import { series } from "../queries.ts";

/** What ended runs and how many, in stacked bars: one bar a step of the panel. */
export const counts = (): { build(): Panel }[] => [
  bars(
    "Interruptions, by class",
    "Interrupted runs by what closed them: a lifecycle action, the user, a client that left, or nobody who is known. Failed and lost runs are not in it.",
    runsBy(LABEL.closeClass, STEP, "interrupted"),
    LABEL.closeClass,
  ),
  bars(
    "Runs closed by an action, by its kind",
    "Runs that a lifecycle action closed, by the kind of the action: reload, dispose, shutdown and so on. Interrupted ones, and those whose process died before they had stopped.",
    `sum by (${LABEL.closeActionKind}) (${runs(STEP, `${LABEL.closeClass}="lifecycle_action"`)})`,
    LABEL.closeActionKind,
  ),
  bars(
    "Failures and losses, by class",
    "Failed and lost runs by what closed them: their own error, a timeout, a broken connection to a provider, or the death of their process. Interrupted runs are not in it.",
    runsBy(LABEL.closeClass, STEP, "failed|lost"),
    LABEL.closeClass,
  ),
  bars(
    "Actions, by kind",
    "Lifecycle actions that ended, whether or not there was a run to close. A nested action, such as the dispose of one instance in a dispose of all, counts by itself.",
    `sum by (${LABEL.actionKind}) (${actions(STEP)})`,
    LABEL.actionKind,
  ),
];

const bars = (
  title: string,
  description: string,
  expr: string,
  label: string,
): { build(): Panel } =>
  new PanelBuilder()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .height(8)
    .span(12)
    .interval("1m")
    .unit("short")
    .decimals(0)
    .min(0)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
    .withTarget(series("A", expr, `{{${label}}}`));
