import type { AccountJson } from "why-closed";
import type { OtlpSpan, Value } from "./otlp-span.ts";

/** Stable names for values that differ from one test run to the next. */
export type Names = ReadonlyMap<unknown, string>;

/** A received span as a test compares it. */
export interface SpanDocument {
  readonly name: string;
  readonly parent: string | null;
  readonly trace: string;
  readonly kind: number;
  readonly status: string;
  readonly scope: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly to: string; readonly attributes: object }[];
}

/**
 * Names every id in a harvest: a run's span by its `lifecycle.run.id`, an action's by its name and
 * its scope's key, any other by its name and its parent's. `given` names what the test knows of
 * itself, such as hashed keys.
 */
export const namesIn = (spans: readonly OtlpSpan[], given: Names = new Map()): Names => {
  const bySpanId = new Map(spans.map((span) => [span.spanId, span]));
  const names = new Map(given);
  const labels = new Set<string>();
  for (const span of spans) {
    const label = labelOf(span, bySpanId, given);
    if (labels.has(label)) throw new Error(`two spans are called "${label}"`);
    labels.add(label);
    names.set(span.spanId, label);
    if (span.parentSpanId === undefined) names.set(span.traceId, `trace of ${label}`);
    const action = span.attributes["lifecycle.action.id"];
    if (action !== undefined) names.set(action, `id of ${label}`);
  }
  return names;
};

/** The received spans by their stable names. */
export const documentsOf = (
  spans: readonly OtlpSpan[],
  names: Names,
): Readonly<Record<string, SpanDocument>> =>
  Object.fromEntries(spans.map((span) => [named(names, span.spanId), documentOf(span, names)]));

/** The account with stable names for ids, in the order of those. */
export const accountDocumentOf = (account: AccountJson, names: Names) => ({
  ...account,
  actions: account.actions
    .map((action) => ({
      ...action,
      ...namedFields(action, names, ["id", "traceId", "spanId", "parentId"]),
      ...times(action),
      closed: action.closed.map((id) => named(names, id)).sort(),
    }))
    .sort(byId),
  runs: account.runs
    .map((run) => ({
      ...run,
      ...namedFields(run, names, ["id", "traceId", "spanId", "actionId"]),
      ...times(run),
      interruptSeconds: run.interruptSeconds === null ? null : seconds(run.interruptSeconds),
    }))
    .sort(byId),
});

const labelOf = (span: OtlpSpan, bySpanId: ReadonlyMap<string, OtlpSpan>, given: Names): string => {
  const { attributes, name, parentSpanId } = span;
  const runId = attributes["lifecycle.run.id"];
  if (runId !== undefined) {
    return "lifecycle.interrupt.result" in attributes ? `interrupt ${runId}` : String(runId);
  }
  if ("lifecycle.action.id" in attributes) {
    const key = given.get(attributes["lifecycle.scope.key"]);
    return key === undefined ? name : `${name} ${key}`;
  }
  const parent = parentSpanId === undefined ? undefined : bySpanId.get(parentSpanId);
  return parent === undefined ? name : `${name} of ${labelOf(parent, bySpanId, given)}`;
};

const documentOf = (span: OtlpSpan, names: Names): SpanDocument => ({
  name: span.name,
  parent: span.parentSpanId === undefined ? null : named(names, span.parentSpanId),
  trace: named(names, span.traceId),
  kind: span.kind,
  status: span.status,
  scope: span.scope,
  attributes: Object.fromEntries(
    Object.entries(span.attributes).map(([key, value]) => [
      key,
      key.endsWith(".duration") ? seconds(value) : named(names, value),
    ]),
  ),
  links: span.links
    .map(({ spanId, attributes }) => ({ to: named(names, spanId), attributes }))
    .sort((one, other) => (one.to < other.to ? -1 : 1)),
});

const named = <T extends Value>(names: Names, value: T): T | string => names.get(value) ?? value;

const namedFields = <T extends object>(object: T, names: Names, fields: readonly (keyof T)[]) =>
  Object.fromEntries(
    fields.map((field) => [field, names.get(object[field]) ?? object[field]]),
  ) as Record<string, unknown>;

const seconds = (value: unknown): string =>
  typeof value === "number" && value >= 0 && value < 60 ? "seconds" : `not seconds: ${value}`;

interface Times {
  readonly startTimeUnixNano: string | null;
  readonly endTimeUnixNano: string | null;
}

const times = ({ startTimeUnixNano, endTimeUnixNano }: Times): Record<keyof Times, string> => ({
  startTimeUnixNano: timeOfToday(startTimeUnixNano),
  endTimeUnixNano: timeOfToday(endTimeUnixNano),
});

const timeOfToday = (nanos: string | null): string =>
  Math.abs(Date.now() - Number(nanos) / 1e6) < 86_400_000
    ? "a time of today"
    : `not today: ${nanos}`;

const byId = (one: Record<string, unknown>, other: Record<string, unknown>): number =>
  String(one["id"]) < String(other["id"]) ? -1 : 1;
