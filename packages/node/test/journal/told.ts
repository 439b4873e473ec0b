import { type Attributes, type OtlpSpan, spansOf } from "../../../../test/support/otlp-span.ts";

/** A span as it arrived, whole; ids, times and what else is never twice the same have names instead. */
export type Told = Readonly<Record<string, unknown>>;

/** What arrived, by name; one that came twice is there twice. */
export const told = (bodies: readonly string[]): readonly Told[] => {
  const spans = bodies.flatMap((body) =>
    resourcesIn(body).flatMap(({ resource, scopeSpans }) =>
      spansOf([JSON.stringify({ resourceSpans: [{ scopeSpans }] })]).map((span) => ({
        span,
        resource: resource.attributes,
      })),
    ),
  );
  const names = namesOf(spans.map(({ span }) => span));
  return spans
    .map(({ span, resource }) => ({
      ...whole(span, names),
      pid: Number(found(resource, "process.pid")?.intValue),
      instance: found(resource, "service.instance.id")?.stringValue,
    }))
    .sort((one, other) => (String(one.name) < String(other.name) ? -1 : 1));
};

/** What of it was a process's. */
export const toldOf = (pid: number, bodies: readonly string[]): readonly Told[] =>
  told(bodies).filter((span) => span["pid"] === pid);

const whole = (span: OtlpSpan, names: ReadonlyMap<unknown, string>) => {
  const { startNano, endNano, traceId, spanId, ...rest } = span;
  return {
    ...rest,
    traceId: names.get(traceId),
    parentSpanId: names.get(span.parentSpanId),
    hasLasted: endNano > startNano,
    attributes: named(span.attributes, names),
    links: span.links.map((link) => ({ to: names.get(link.spanId), ...link.attributes })),
  };
};

const namesOf = (spans: readonly OtlpSpan[]): ReadonlyMap<unknown, string> =>
  new Map(
    spans.flatMap(({ name, traceId, spanId, attributes }) => [
      ...(attributes["lifecycle.action.id"] === undefined
        ? []
        : [[attributes["lifecycle.action.id"], "the action"] as const]),
      [spanId, name] as const,
      [traceId, "a trace"] as const,
    ]),
  );

const named = (attributes: Attributes, names: ReadonlyMap<unknown, string>): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      key === "lifecycle.interrupt.duration" ? "s" : (names.get(value) ?? value),
    ]),
  );

interface Resource {
  readonly attributes: readonly KeyValue[];
}
interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string };
}
interface ResourceSpans {
  readonly resource: Resource;
  readonly scopeSpans: readonly object[];
}

const resourcesIn = (body: string): readonly ResourceSpans[] =>
  (JSON.parse(body) as { readonly resourceSpans: readonly ResourceSpans[] }).resourceSpans;

const found = (attributes: readonly KeyValue[], key: string): KeyValue["value"] | undefined =>
  attributes.find((one) => one.key === key)?.value;
