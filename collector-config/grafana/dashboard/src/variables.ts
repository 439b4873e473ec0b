import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PROMETHEUS } from "./data-sources.ts";
import { SOURCES } from "./metric-names.ts";
import { variable } from "./variable.ts";

const SERVICES = `label_values({__name__=~"${variable("source")}_runs?_duration_seconds_count"}, service_name)`;

type Variable = { build(): VariableModel };

/** What a reader chooses at the dashboard's top, in this order. */
export const variables = (): Variable[] => [
  new DatasourceVariableBuilder("prometheus").label("Metrics").type("prometheus"),
  new DatasourceVariableBuilder("tempo").label("Traces").type("tempo"),
  source(),
  service(),
];

const source = (): Variable => {
  const choices = Object.entries(SOURCES);
  const [[text, value] = ["", ""]] = choices;
  return new CustomVariableBuilder("source")
    .label("Counted by")
    .description(
      "The gateway counts runs and actions from their spans, before sampling; the application's SDK counts them itself. Both count the same runs, so only one is shown.",
    )
    .values(choices.map(([name, prefix]) => `${name} : ${prefix}`).join(","))
    .options(
      choices.map(([name, prefix], at) => ({ text: name, value: prefix, selected: at === 0 })),
    )
    .current({ text, value, selected: true });
};

const service = (): Variable =>
  new QueryVariableBuilder("service")
    .label("Service")
    .datasource(PROMETHEUS)
    .query(SERVICES)
    .definition(SERVICES)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(".*")
    .current({ text: "All", value: "$__all", selected: true });
