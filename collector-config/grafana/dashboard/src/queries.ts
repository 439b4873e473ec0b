import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import {
  DataqueryBuilder as PrometheusQueryBuilder,
  PromQueryFormat,
  QueryEditorMode,
} from "@grafana/grafana-foundation-sdk/prometheus";
import {
  SearchTableType,
  DataqueryBuilder as TempoQueryBuilder,
  TempoQueryType,
} from "@grafana/grafana-foundation-sdk/tempo";
import { PROMETHEUS, TEMPO } from "./data-sources.ts";

// Tempo shows 20 traces and 3 spans of each unless told: a dispose of everything has one action
// span for each instance in one trace. 100 spans of a trace is as many as Tempo gives by default.
const MAX_TRACES = 50;
const MAX_SPANS_OF_A_TRACE = 100;

/** One number for the whole time range. */
export const overall = (refId: string, expr: string, legend: string): Builder<Dataquery> =>
  prometheus(refId, expr).legendFormat(legend).instant();

/** The rows of a table for the whole time range, one a label set. */
export const rows = (refId: string, expr: string): Builder<Dataquery> =>
  prometheus(refId, expr).format(PromQueryFormat.Table).instant();

/** A line or a row of bars over time. */
export const series = (refId: string, expr: string, legend: string): Builder<Dataquery> =>
  prometheus(refId, expr).legendFormat(legend).range();

/** A line or a row of bars over time, with the traces of single runs on it. */
export const seriesWithTraces = (refId: string, expr: string, legend: string): Builder<Dataquery> =>
  prometheus(refId, expr).legendFormat(legend).range().exemplar(true);

/** The spans that a TraceQL query finds. */
export const spans = (query: string): Builder<Dataquery> =>
  new TempoQueryBuilder()
    .refId("A")
    .datasource(TEMPO)
    .queryType(TempoQueryType.Traceql)
    .query(query)
    .limit(MAX_TRACES)
    .spss(MAX_SPANS_OF_A_TRACE)
    .tableType(SearchTableType.Spans);

const prometheus = (refId: string, expr: string): PrometheusQueryBuilder =>
  new PrometheusQueryBuilder()
    .refId(refId)
    .datasource(PROMETHEUS)
    .editorMode(QueryEditorMode.Code)
    .expr(expr);
