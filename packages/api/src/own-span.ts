import {
  type Attributes,
  type Context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanOptions,
  trace,
} from "@opentelemetry/api";
import { noteBounded, reportFailure } from "./diagnostics.ts";
import { registry } from "./registry.ts";
import { keepTurned } from "./runs/rescue.ts";
import { stampMissing } from "./stamp.ts";
import { getTracer } from "./tracer.ts";

/** Whose span it is; a span processor of ours leaves itself here when it sees it begin. */
export interface SpanOwner {
  processor: SpanSink | undefined;
}

/** A span processor of ours, as far as it knows what becomes of the spans. */
export interface SpanSink {
  /** How many more spans the processors behind it can take now. */
  room?(): number;
  /** Has them take one more than they would, while `end` is called; false if they will not. */
  squeezeIn?(end: () => void): boolean;
}

/** False if a span that ends now would be dropped, as far as that is known. */
export const hasRoom = (sink: SpanSink | undefined): boolean => (sink?.room?.() ?? 1) >= 1;

/** Ends the span of an action, which is never the one that a full queue drops. */
export const endInFront = (sink: SpanSink | undefined, end: () => void): void => {
  if (hasRoom(sink)) end();
  else if (sink?.squeezeIn?.(end) !== true) {
    noteDropped();
    end();
  }
};

/** Counts a span that is about to be dropped, because the queue of the exporting processor is full. */
export const noteDropped = (): void =>
  noteBounded("spans dropped", "the batch processor's queue is full: raise its maxQueueSize.");

/**
 * Starts a span of a run's or an action's own. The registry says so while it starts, which tells
 * our span processor at no cost for anybody else's spans. A processor that throws costs the span,
 * not the run.
 */
export const startOwnSpan = (
  owner: SpanOwner,
  { name, attributes, options, context }: OwnSpan,
): Span => {
  const outer = registry.startingSpanOf;
  registry.startingSpanOf = owner;
  try {
    const span = getTracer().startSpan(name, withAttributes(options, attributes), context);
    // A span whose limit was reached by then has refused them.
    if (span.isRecording()) stampMissing(span, attributes);
    keepTurned(span);
    return span;
  } catch (error) {
    reportFailure("start of a span", error);
    return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  } finally {
    registry.startingSpanOf = outer;
  }
};

/** What a span of our own starts with. */
export interface OwnSpan {
  readonly name: string;
  /** Ours, which samplers see and every such span carries. */
  readonly attributes: Attributes;
  /** The application's. */
  readonly options: SpanOptions | undefined;
  readonly context: Context;
}

// Ours come first, because it is the last that a limit refuses, and last, because they hold.
const withAttributes = (options: SpanOptions | undefined, attributes: Attributes): SpanOptions =>
  options === undefined
    ? { attributes }
    : { ...options, attributes: { ...attributes, ...options.attributes, ...attributes } };
