import { readFileSync } from "node:fs";
import * as api from "@otel-lifecycle/api";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { promqlErrors, promqlTexts } from "./syntax.ts";

interface SpanMetrics {
  readonly namespace: string;
  readonly dimensions: readonly { readonly name: string }[];
}

interface DataSource {
  readonly name: string;
  readonly jsonData: {
    readonly tracesToMetrics?: { readonly queries: readonly { readonly query: string }[] };
  };
}

const FOLDER = new URL("../../collector-config/", import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, FOLDER), "utf8");
const prometheusName = (name: string): string => name.replaceAll(".", "_");

const { connectors } = parse(textOf("gateway.yaml")) as {
  readonly connectors: Readonly<Record<string, SpanMetrics>>;
};
const counted = {
  runs: connectors["span_metrics/runs"],
  actions: connectors["span_metrics/actions"],
};
const attributes: unknown[] = Object.values(api);

const dashboard: {
  readonly panels: readonly { readonly targets?: readonly { readonly expr?: string }[] }[];
} = JSON.parse(textOf("grafana/dashboards/lifecycle.json"));
const exprs = dashboard.panels.flatMap(({ targets = [] }) =>
  targets.flatMap(({ expr }) => (expr === undefined ? [] : [expr])),
);
const { datasources } = parse(textOf("grafana/provisioning/datasources/lifecycle.yaml")) as {
  readonly datasources: readonly DataSource[];
};
const fromTraces = datasources.flatMap(({ jsonData }) =>
  (jsonData.tracesToMetrics?.queries ?? []).map(({ query }) =>
    // As provisioning, and then Grafana at the span, fill it in.
    query.replaceAll("$$__tags", 'service_name="shop"'),
  ),
);

/** The labels that the dashboard asks of what `noun` counts, beside the service and the name. */
const labelsOf = (noun: string): string[] => {
  const ofNoun = exprs.filter((expr) => expr.includes(`_${noun}s?_duration`));
  const labels = ofNoun.flatMap((expr) => promqlTexts(filledIn(expr), "LabelName"));
  return [...new Set(labels)].filter((it) => !["__name__", "service_name", "le"].includes(it));
};

const filledIn = (expr: string): string => expr.replaceAll(/\$__(?:range|interval)/g, "5m");

describe("the gateway's counts", () => {
  test.each(["run", "action"] as const)(
    "of %ss have the names that the dashboard asks for",
    (noun) => {
      const { namespace = "" } = counted[`${noun}s`] ?? {};
      const pattern = new RegExp(`^lifecycle_spanmetrics_${noun}s?_duration_seconds_count$`);
      expect(`${prometheusName(namespace)}_duration_seconds_count`).toMatch(pattern);
    },
  );

  test.each(["run", "action"] as const)(
    "of %ss have the labels that the dashboard asks for",
    (noun) => {
      const dimensions = (counted[`${noun}s`]?.dimensions ?? []).map(({ name }) => name);
      expect(dimensions.filter((name) => !attributes.includes(name))).toEqual([]);
      const labels = labelsOf(noun);
      expect(labels.length).toBeGreaterThan(0);
      expect(labels.filter((label) => !dimensions.map(prometheusName).includes(label))).toEqual([]);
    },
  );
});

describe("from a trace to the metrics", () => {
  test("there are three queries", () => {
    expect(fromTraces.length).toBe(3);
  });

  test.each(fromTraces)("the grammar reads %s, and the gateway counts it", (query) => {
    expect(promqlErrors(query)).toEqual([]);
    const names = [
      "service_name",
      ...(counted.runs?.dimensions ?? []).map(({ name }) => prometheusName(name)),
    ];
    expect(promqlTexts(query, "LabelName").filter((label) => !names.includes(label))).toEqual([]);
    expect(promqlTexts(query, "Identifier")).toEqual([
      `${prometheusName(counted.runs?.namespace ?? "")}_duration_seconds_count`,
    ]);
  });
});
