import { isSpanContextValid, type SpanContext } from "@opentelemetry/api";

/** The entry of W3C Trace Context, level 2, section 3.2. */
export const TRACEPARENT = "traceparent";

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

// Sampled, and random trace id; what else a sender sets must not be passed on.
const KNOWN_FLAGS = 0b11;

/** A span as the entry's value. */
export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-0${(traceFlags & KNOWN_FLAGS).toString(16)}`;

/** The remote span that a value names; undefined if it is none of version 00, or of a later one. */
export const parseTraceparent = (value: string): SpanContext | undefined => {
  const [, version, traceId = "", spanId = "", flags = "", more] = FORM.exec(value) ?? [];
  // Only versions that are yet to come may have more.
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined;
  const traceFlags = Number.parseInt(flags, 16) & KNOWN_FLAGS;
  const context = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(context) ? context : undefined;
};
