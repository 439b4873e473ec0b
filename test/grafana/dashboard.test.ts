import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as api from "@otel-lifecycle/api";
import { describe, expect, test } from "vitest";
import { promqlErrors, promqlTexts, traceqlAttributes, traceqlErrors } from "./syntax.ts";

interface Target {
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly expr?: string;
  readonly query?: string;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly targets?: readonly Target[];
}

interface Query extends Target {
  readonly title: string;
}

const FOLDER = new URL("../../collector-config/grafana/", import.meta.url);
const text = readFileSync(new URL("dashboards/lifecycle.json", FOLDER), "utf8");
const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(text);

const panels = dashboard.panels.filter(({ type }) => type !== "row");
const queries: Query[] = panels.flatMap(({ title, targets = [] }) =>
  targets.map((target) => ({ title, ...target })),
);
const metrics = queries.filter(({ datasource }) => datasource.type === "prometheus");
const traces = queries.filter(({ datasource }) => datasource.type === "tempo");

const attributes = Object.entries(api).flatMap(([name, value]) =>
  name.startsWith("ATTR_") ? [String(value)] : [],
);
const prometheusName = (name: string): string => name.replaceAll(".", "_");

const variable = (name: string): string => `\${${name}}`;

/** A query as Grafana sends it, with `source` for the variable of that name. */
const filledIn = (query: string, source = "lifecycle"): string =>
  query
    .replaceAll(variable("source"), source)
    .replaceAll(variable("service:pipe"), "shop|docs")
    .replaceAll("$service", "(shop|docs)")
    .replaceAll("$__range", "6h")
    .replaceAll("$__interval", "1m");

describe("the dashboard", () => {
  test("is what its code makes", () => {
    const main = fileURLToPath(new URL("dashboard/dist/main.js", FOLDER));
    const made = execFileSync(process.execPath, [main], { encoding: "utf8" });
    expect(dashboard).toEqual(JSON.parse(made));
  });

  test("every panel says what it counts", () => {
    const silent = panels.filter(({ description = "" }) => description.length < 80);
    expect(silent.map(({ title }) => title)).toEqual([]);
  });

  test("every panel has a query, a title and a number of its own", () => {
    expect(panels.filter(({ targets = [] }) => targets.length === 0)).toEqual([]);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    expect(dashboard.panels.map(({ id }) => id)).toEqual(dashboard.panels.map((_, at) => at + 1));
  });

  test("every query asks a data source that the reader chooses", () => {
    expect(new Set(queries.map(({ datasource }) => datasource.uid))).toEqual(
      new Set(["prometheus", "tempo"].map(variable)),
    );
    expect(metrics.length + traces.length).toBe(queries.length);
  });
});

describe("an interruption", () => {
  const exprOf = (title: string): string =>
    filledIn(metrics.find((query) => query.title === title)?.expr ?? "");
  const ended = (results: string): string =>
    `increase({__name__=~"lifecycle_runs?_duration_seconds_count", service_name=~"(shop|docs)"${results}}[6h])`;
  const of = (results: string): string => ended(`, lifecycle_run_result=~"${results}"`);

  test("is neither a success nor in the whole of which successes are a part", () => {
    expect(exprOf("Success rate")).toBe(
      `(sum(${of("completed")}) or vector(0)) / (sum(${of("completed|failed|lost")}) > 0)`,
    );
  });

  test("is no failure, and in the whole of which failures are a part", () => {
    expect(exprOf("Failure rate")).toBe(
      `(sum(${of("failed|lost")}) or vector(0)) / (sum(${ended("")}) > 0)`,
    );
  });
});

describe.each(metrics)("$title, $refId", ({ expr = "" }) => {
  test.each(["lifecycle", "lifecycle_spanmetrics"])("the grammar reads it from %s", (source) => {
    expect(promqlErrors(filledIn(expr, source))).toEqual([]);
    expect(filledIn(expr, source)).not.toMatch(/\$/);
  });

  test("its labels are attributes of the conventions", () => {
    const known = ["__name__", "service_name", "le", ...attributes.map(prometheusName)];
    const used = promqlTexts(filledIn(expr), "LabelName");
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((label) => !known.includes(label))).toEqual([]);
  });

  test("its metric is one that the SDK records", () => {
    expect(metricNames(filledIn(expr)).filter((name) => !isRecorded(name))).toEqual([]);
  });

  test("it asks for the chosen services alone", () => {
    const selectors = promqlTexts(filledIn(expr), "VectorSelector");
    expect(selectors.length).toBeGreaterThan(0);
    expect(selectors.filter((it) => !it.includes('service_name=~"(shop|docs)"'))).toEqual([]);
  });
});

describe.each(traces)("$title", ({ query = "" }) => {
  test("the grammar reads it", () => {
    expect(traceqlErrors(filledIn(query))).toEqual([]);
    expect(filledIn(query)).not.toMatch(/\$/);
  });

  test("the conventions have its attributes", () => {
    expect(traceqlAttributes(query).filter((name) => !attributes.includes(name))).toEqual([]);
  });
});

/** The metrics that an expression names, plainly or by a pattern for `__name__`. */
const metricNames = (expr: string): string[] =>
  promqlTexts(expr, "VectorSelector").map((selector) => {
    const [, pattern] = /__name__=~"([^"]+)"/.exec(selector) ?? [];
    return pattern ?? selector.slice(0, selector.indexOf("{"));
  });

const recorded = [
  prometheusName(api.METRIC_RUN_ACTIVE),
  ...[api.METRIC_RUN_DURATION, api.METRIC_ACTION_DURATION, api.METRIC_INTERRUPT_DURATION].flatMap(
    (name) => ["count", "bucket"].map((part) => `${prometheusName(name)}_seconds_${part}`),
  ),
];

const isRecorded = (pattern: string): boolean =>
  recorded.some((name) => new RegExp(`^(?:${pattern})$`).test(name));
