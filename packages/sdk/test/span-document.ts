import { type AttributeValue, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-node";

/** An exported span as a test compares it: names stand for ids, and durations are told apart by sign. */
export interface SpanDocument {
  readonly name: string;
  readonly parent: string | undefined;
  readonly status: string;
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>;
  readonly links: readonly { readonly to: string; readonly as: AttributeValue | undefined }[];
}

/** What a span carries that was in flight below a run which an action closed. */
export const inheritedFrom = (action: string, kind: string, trigger: string) => ({
  "lifecycle.close.inherited_class": "lifecycle_action",
  "lifecycle.close.action.id": `id of ${action}`,
  "lifecycle.close.action.kind": kind,
  "lifecycle.close.action.trigger": trigger,
});

/** What a run carries of the action that closed it. */
export const closedBy = (action: string, kind: string, trigger: string) => ({
  "lifecycle.close.class": "lifecycle_action",
  "lifecycle.close.action.id": `id of ${action}`,
  "lifecycle.close.action.kind": kind,
  "lifecycle.close.action.trigger": trigger,
  "lifecycle.close.action.trace_id": `trace of ${action}`,
  "lifecycle.close.action.span_id": `span of ${action}`,
});

/** An action's counts; those that are not given are 0. */
export const counts = (given: {
  readonly covered: number;
  readonly interrupted?: number;
  readonly completed?: number;
  readonly failed?: number;
  readonly other?: number;
  readonly unsettled?: number;
}) => ({
  "lifecycle.action.covered_run_count": given.covered,
  "lifecycle.action.interrupted_run_count": given.interrupted ?? 0,
  "lifecycle.action.completed_run_count": given.completed ?? 0,
  "lifecycle.action.failed_run_count": given.failed ?? 0,
  "lifecycle.action.other_run_count": given.other ?? 0,
  "lifecycle.action.unsettled_run_count": given.unsettled ?? 0,
});

/** The exported spans in the order of their names, which have to be unique. */
export const documentsOf = (spans: readonly ReadableSpan[]): readonly SpanDocument[] => {
  const names = namesOfIds(spans);
  return spans
    .map((span) => documentOf(span, names))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
};

/** The document of one of the exported spans. */
export const documentNamed = (spans: readonly ReadableSpan[], name: string): SpanDocument => {
  const found = documentsOf(spans).filter((document) => document.name === name);
  if (found[0] === undefined || found.length > 1) {
    throw new Error(`expected one span "${name}" among ${spans.map((span) => span.name)}`);
  }
  return found[0];
};

/** The attributes of what is exported of one span. */
export const attributesNamed = (
  spans: readonly ReadableSpan[],
  name: string,
): SpanDocument["attributes"] => documentNamed(spans, name).attributes;

const namesOfIds = (spans: readonly ReadableSpan[]): ReadonlyMap<unknown, string> => {
  const names = new Map<unknown, string>();
  for (const span of spans) {
    const { spanId, traceId } = span.spanContext();
    names.set(spanId, `span of ${span.name}`);
    // A trace has the name of its root.
    if (span.parentSpanContext === undefined) names.set(traceId, `trace of ${span.name}`);
    const action = span.attributes["lifecycle.action.id"];
    if (action !== undefined) names.set(action, `id of ${span.name}`);
  }
  return names;
};

const documentOf = (span: ReadableSpan, names: ReadonlyMap<unknown, string>): SpanDocument => ({
  name: span.name,
  parent: span.parentSpanContext && names.get(span.parentSpanContext.spanId),
  status: SpanStatusCode[span.status.code],
  attributes: Object.fromEntries(
    Object.entries(span.attributes).map(([key, value]) => [
      key,
      key.endsWith(".duration") ? secondsOf(value) : (names.get(value) ?? value),
    ]),
  ),
  links: span.links
    .map(({ context, attributes }) => ({
      to: names.get(context.spanId) ?? context.spanId,
      as: attributes?.["lifecycle.link.type"],
    }))
    .sort((one, other) => (one.to < other.to ? -1 : 1)),
});

const secondsOf = (value: unknown): string =>
  typeof value === "number" && value >= 0 && value < 60 ? "seconds" : `not seconds: ${value}`;
