import { parser as traceqlParser } from "@grafana/lezer-traceql";
import type { Tree } from "@lezer/common";
import { parser as promqlParser } from "@prometheus-io/lezer-promql";

/** What the grammar of TraceQL cannot read in a query, in its order. */
export const traceqlErrors = (query: string): string[] => errors(traceqlParser.parse(query), query);

/** What the grammar of PromQL cannot read in an expression, in its order. */
export const promqlErrors = (expr: string): string[] => errors(promqlParser.parse(expr), expr);

/** The text of every node called `name` in a PromQL expression. */
export const promqlTexts = (expr: string, name: string): string[] => {
  const texts: string[] = [];
  promqlParser.parse(expr).iterate({
    enter: ({ type, from, to }) => {
      if (type.name === name) texts.push(expr.slice(from, to));
    },
  });
  return texts;
};

/** The attributes of spans and links that a TraceQL query names, each once. */
export const traceqlAttributes = (query: string): string[] => [
  ...new Set([...query.matchAll(/\b(?:span|link)\.([a-z_.]+)/g)].map(([, name = ""]) => name)),
];

const errors = (tree: Tree, text: string): string[] => {
  const found: string[] = [];
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) found.push(`at ${from}: ${text.slice(from, Math.max(to, from + 20))}`);
    },
  });
  return found;
};
