import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";

/** An exporter that knows what was not acknowledged yet. */
export interface Delivery {
  readonly exporter: SpanExporter;
  /** Spans handed to the exporter and not acknowledged. */
  readonly unacknowledged: number;
  /** Spans that could not be sent, and will not be tried again. */
  readonly failed: number;
  /** Resolves once nothing of what is under way now is any more, whatever comes after it. */
  settled(): Promise<void>;
  /** What `handOver` hands to the exporter goes through `other`. */
  through(other: SpanExporter, handOver: () => void): void;
  /**
   * What `handOver` hands to the exporter, and what was under way, goes through `send`, before this
   * returns. What `send` could not send goes the ordinary way, should the process live on.
   */
  now(handOver: () => void, send: (batches: readonly ReadableSpan[][]) => boolean): boolean;
}

/** Limits what is under way to `maxSpans`: what is beyond fails, as it does in the exporters. */
export function createDelivery(inner: SpanExporter, maxSpans: number): Delivery {
  const underWay = new Set<Batch>();
  const waiting: Batch[] = [];
  let sending = 0;
  let unacknowledged = 0;
  let failed = 0;
  let current = inner;
  let isCollecting = false;

  const settle = (batch: Batch, result: ExportResult): void => {
    if (!underWay.delete(batch)) return;
    unacknowledged -= batch.spans.length;
    if (result.code === ExportResultCode.FAILED) failed += batch.spans.length;
    batch.done(result);
    for (const resolve of batch.waiters) resolve();
  };
  const next = (): void => {
    while (sending < MAX_SENDING) {
      const batch = waiting.shift();
      if (batch === undefined) return;
      if (underWay.has(batch)) start(batch);
    }
  };
  const start = (batch: Batch): void => {
    sending += 1;
    batch.exporter.export(batch.spans, (result) => {
      sending -= 1;
      settle(batch, result);
      next();
    });
  };
  const take = (spans: ReadableSpan[], done: (result: ExportResult) => void): void => {
    if (unacknowledged + spans.length > maxSpans && underWay.size > 0) {
      failed += spans.length;
      done({ code: ExportResultCode.FAILED, error: new Error("too many spans are under way") });
      return;
    }
    const batch: Batch = { spans, done, exporter: current, waiters: [] };
    underWay.add(batch);
    unacknowledged += spans.length;
    waiting.push(batch);
    if (!isCollecting) next();
  };

  return {
    exporter: {
      export: take,
      forceFlush: () => inner.forceFlush?.() ?? Promise.resolve(),
      shutdown: () => inner.shutdown(),
    },
    get unacknowledged() {
      return unacknowledged;
    },
    get failed() {
      return failed;
    },
    settled: async () => {
      // Not until nothing at all is: under traffic that may be never.
      const batches = [...underWay];
      await Promise.all(
        batches.map(({ waiters }) => new Promise<void>((resolve) => waiters.push(resolve))),
      );
    },
    through: (other, handOver) => {
      current = other;
      try {
        handOver();
      } finally {
        current = inner;
      }
    },
    now: (handOver, send) => {
      isCollecting = true;
      try {
        handOver();
      } finally {
        isCollecting = false;
      }
      const batches = [...underWay];
      const isSent = batches.length === 0 || send(batches.map((batch) => batch.spans));
      if (!isSent) next();
      else for (const batch of batches) settle(batch, { code: ExportResultCode.SUCCESS });
      return isSent;
    },
  };
}

interface Batch {
  readonly spans: ReadableSpan[];
  readonly exporter: SpanExporter;
  readonly waiters: (() => void)[];
  done(result: ExportResult): void;
}

/**
 * Because a flush hands over every batch at once, and the exporters refuse, and so lose, what is
 * beyond 30 requests under way.
 */
const MAX_SENDING = 8;
