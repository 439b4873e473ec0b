import type { Attributes, OtlpSpan } from "../../support/otlp-span.ts";

/** What our words say of a span, without their prefix; `false` if they say nothing. */
export type Mark = Attributes | false;

/** It was aborted, and nobody says by whom. */
export const UNKNOWN: Mark = {
  "close.class": "unknown_scope_close",
  "close.via": "collector",
  "close.confidence": "low",
  "close.missing": ["lifecycle.close_requested"],
};

/** The same for a class that names its cause: `medium` if the span itself says so, `low` if only its exception does. */
export const marked = (
  closeClass: "timeout" | "upstream_disconnect",
  confidence: "medium" | "low",
): Mark => ({
  "close.class": closeClass,
  "close.via": "collector",
  "close.confidence": confidence,
});

const PREFIX = "lifecycle.";

/** What of a span is in our words. */
export const markOf = ({ attributes }: OtlpSpan): Mark => {
  const ours = Object.entries(attributes).filter(([key]) => key.startsWith(PREFIX));
  if (ours.length === 0) return false;
  return Object.fromEntries(ours.map(([key, value]) => [key.slice(PREFIX.length), value]));
};

type MarkedSpan = readonly [name: string, status: OtlpSpan["status"], mark: Mark];

/**
 * The spans of each case by the name of its root, which comes first, the others by name. A root that
 * is only the test's own frame is left out.
 */
export const marksByCase = (
  spans: readonly OtlpSpan[],
): Readonly<Record<string, readonly MarkedSpan[]>> => {
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
  return Object.fromEntries(
    roots.map((root) => {
      const below = spans
        .filter((span) => span.traceId === root.traceId && span !== root)
        .toSorted((one, other) => one.name.localeCompare(other.name));
      return [root.name, [root, ...below].filter((span) => !isFrame(span)).map(markedSpan)];
    }),
  );
};

const markedSpan = (span: OtlpSpan): MarkedSpan => [span.name, span.status, markOf(span)];

const isFrame = (span: OtlpSpan): boolean =>
  span.parentSpanId === undefined &&
  span.scope === "application" &&
  span.status === "UNSET" &&
  span.events === 0 &&
  markOf(span) === false;
