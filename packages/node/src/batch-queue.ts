import { TraceFlags } from "@opentelemetry/api";
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import type { BatchLimits } from "./limits.ts";

/** The SDK's batch processor, and how many ended spans wait in it. */
export interface BatchQueue {
  readonly processor: SpanProcessor;
  readonly length: number;
}

/** Counts from outside, by the processor's documented rules, because its queue is private. */
export function createBatchQueue(exporter: SpanExporter, limits: BatchLimits): BatchQueue {
  let length = 0;
  const batches = new BatchSpanProcessor({
    ...limits,
    exporter: {
      export: (spans, done) => {
        length -= spans.length;
        exporter.export(spans, done);
      },
      shutdown: () => exporter.shutdown(),
    },
  });
  return {
    get length() {
      return length;
    },
    processor: {
      onStart: () => {},
      onEnd: (span: ReadableSpan) => {
        const isSampled = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
        // Before it is handed over, because a full batch leaves at once.
        if (isSampled && length < limits.maxQueueSize) length += 1;
        batches.onEnd(span);
      },
      forceFlush: () => batches.forceFlush(),
      shutdown: () => batches.shutdown(),
    },
  };
}
