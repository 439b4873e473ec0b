import type { Context, Span } from "@opentelemetry/api";

// The SDK's interface, by its form: both lines of the SDK take a class of this form, so this
// package needs neither.

/** A span as span processors see it. */
export type SdkSpan = Span;

/** `SpanProcessor` of the OpenTelemetry SDK (specification, trace SDK, "Span processor"). */
export interface SpanProcessor {
  onStart(span: SdkSpan, parentContext: Context): void;
  onEnding(span: SdkSpan): void;
  onEnd(span: object): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}
