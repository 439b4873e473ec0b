import type { WholeSpan } from "./whole-span.ts";

/** Whether a span belongs to the account of who closed what: the gateway's own words for it. */
export const isEvidence = ({ attributes }: WholeSpan): boolean =>
  [
    "lifecycle.close.class",
    "lifecycle.close.inherited_class",
    "lifecycle.action.id",
    "lifecycle.interrupt.result",
  ].some((key) => key in attributes);

/** In the order of their ids, which is the same on both sides of a Collector. */
export const byId = (spans: readonly WholeSpan[]): readonly WholeSpan[] =>
  spans.toSorted((one, other) => (one.spanId < other.spanId ? -1 : 1));

/** What is left of an ordinary span's scope and resource: the tail sampler drops schema URLs. */
export const withoutSchema = (span: WholeSpan): WholeSpan => {
  const { schemaUrl: _ofScope, ...scope } = span.scope;
  const { schemaUrl: _ofResource, ...resource } = span.resource;
  return { ...span, scope, resource };
};
