import type { Span } from "@opentelemetry/api";
import type { SpanFacts } from "../truth/steps.ts";

/** What the driver has to know of a span, as the SDK has it. */
export const spanFacts = (span: Span): SpanFacts => {
  const { startTime, parentSpanContext } = span as SdkSpan;
  const { traceId, spanId } = span.spanContext();
  return { t: traceId, s: spanId, p: parentSpanContext?.spanId, st: nanoseconds(startTime) };
};

/** When the span ended, in nanoseconds since the epoch. */
export const endOf = (span: Span): string => nanoseconds((span as SdkSpan).endTime);

const nanoseconds = ([s, ns]: readonly [number, number]): string =>
  (BigInt(s) * 1_000_000_000n + BigInt(ns)).toString();

// The SDK's own spans have these, the API's interface has not.
interface SdkSpan extends Span {
  readonly startTime: readonly [number, number];
  readonly endTime: readonly [number, number];
  readonly parentSpanContext?: { readonly spanId: string };
}
