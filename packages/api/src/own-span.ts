import {
  type Context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanOptions,
  trace,
} from "@opentelemetry/api";
import { reportFailure } from "./diagnostics.ts";
import { registry } from "./registry.ts";
import { getTracer } from "./tracer.ts";

/** Whose span it is; a span processor of ours leaves itself here when it sees it begin. */
export interface SpanOwner {
  processor: object | undefined;
}

/**
 * Starts a span of a run's or an action's own. The registry says so while it starts, which tells
 * our span processor at no cost for anybody else's spans. A processor that throws costs the span,
 * not the run.
 */
export const startOwnSpan = (
  owner: SpanOwner,
  name: string,
  options: SpanOptions,
  context: Context,
): Span => {
  registry.startingSpanOf = owner;
  try {
    return getTracer().startSpan(name, options, context);
  } catch (error) {
    reportFailure("start of a span", error);
    return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  } finally {
    registry.startingSpanOf = undefined;
  }
};
