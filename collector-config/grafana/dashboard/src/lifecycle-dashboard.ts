import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { counts } from "./panels/counts.ts";
import { inFlight, lasting, rates, ratesOverTime } from "./panels/rates.ts";
import { stopping } from "./panels/stopping.ts";
import { actionTable, runTables } from "./panels/tables.ts";
import { variables } from "./variables.ts";

type PanelSource = { build(): Panel };

/** Who closed which runs, how often, and how long they took to stop. */
export const lifecycleDashboard = (): Dashboard => {
  const dashboard = new DashboardBuilder("Who closed these runs?")
    .uid("otel-lifecycle")
    .description(
      "Runs that ended, what closed them, and the lifecycle actions that did. Success leaves interruptions out: they are no successes and no failures.",
    )
    .tags(["otel-lifecycle"])
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: "now-6h", to: "now" })
    .refresh("1m")
    .variables(variables());
  for (const [title, panels] of rowsOfPanels()) {
    dashboard.withRow(new RowBuilder(title));
    for (const panel of panels) dashboard.withPanel(panel);
  }
  return numbered(dashboard.build());
};

const rowsOfPanels = (): [string, PanelSource[]][] => [
  ["How runs ended", [...rates(), ratesOverTime(), inFlight(), lasting()]],
  ["What closed them", counts()],
  ["How long they took to stop", stopping()],
  ["Actions", [actionTable()]],
  ["Runs", runTables()],
];

// Links to a single panel name it by its number, which Grafana would else draw anew at each import.
const numbered = (dashboard: Dashboard): Dashboard => ({
  ...dashboard,
  panels: (dashboard.panels ?? []).map((panel, at) => ({ ...panel, id: at + 1 })),
});
