import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { TEMPO } from "./data-sources.ts";
import { variable } from "./variable.ts";

/** A link that asks Tempo for `query` in Explore, in a new tab, over the dashboard's time range. */
export const exploreLink = (title: string, query: string): DashboardLink =>
  new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(`/explore?schemaVersion=1&panes=${encoded(panes(query))}`)
    .targetBlank(true)
    .build();

const panes = (query: string): object => ({
  lifecycle: {
    datasource: TEMPO.uid,
    queries: [
      {
        refId: "A",
        datasource: TEMPO,
        queryType: "traceql",
        query,
        tableType: "spans",
        limit: 100,
        spss: 100,
      },
    ],
    range: { from: variable("__from"), to: variable("__to") },
  },
});

// Grafana replaces `${…}` in the finished address, so a variable's braces stay as they are.
const encoded = (value: object): string =>
  JSON.stringify(value)
    .split(/(\$\{[^}]+\})/)
    .map((part) => (part.startsWith("${") ? part : encodeURIComponent(part)))
    .join("");
