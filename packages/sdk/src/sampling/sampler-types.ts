import type { Attributes, Context, Link, SpanKind, TraceState } from "@opentelemetry/api";

// The SDK's interface, by its form, like that of the span processors.

/** `SamplingResult` of the OpenTelemetry SDK: 0 drops a span, 1 records it, 2 samples it too. */
export interface SamplingResult {
  decision: number;
  attributes?: Readonly<Attributes>;
  traceState?: TraceState;
}

/** `Sampler` of the OpenTelemetry SDK (specification, trace SDK, "Sampler"). */
export interface Sampler {
  shouldSample(
    context: Context,
    traceId: string,
    spanName: string,
    spanKind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult;
  /** Its name, or a short description with its configuration. */
  toString(): string;
}
