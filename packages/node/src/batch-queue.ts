import { TraceFlags } from "@opentelemetry/api";
import {
  BatchSpanProcessor,
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
  // Wrapped in place, because LifecycleSpanProcessor looks at the processors beside it for the room
  // in their queues, and raises a bound for the one span of an action.
  const onEnd = batches.onEnd.bind(batches);
  const bound = (): number => Number(Reflect.get(batches, "_maxQueueSize") ?? limits.maxQueueSize);
  batches.onEnd = (span) => {
    const isSampled = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
    // Before it is handed over, because a full batch leaves at once.
    if (isSampled && length < bound()) length += 1;
    onEnd(span);
  };
  return {
    get length() {
      return length;
    },
    processor: batches,
  };
}
