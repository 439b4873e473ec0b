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
  /** What `handOver` hands to the exporter, and what was under way; nothing more of it is sent by this. */
  unsent(handOver: () => void): readonly ReadableSpan[][];
}

/** What a delivery takes. */
export interface DeliveryOptions {
  /** Limits what is under way: what is beyond fails, as it does in the exporters. */
  readonly maxSpans: number;
  /** Told of the outcome of every batch, by whatever way it went. */
  readonly settled?: ((spans: readonly ReadableSpan[], result: ExportResult) => void) | undefined;
}

export function createDelivery(
  inner: SpanExporter,
  { maxSpans, settled }: DeliveryOptions,
): Delivery {
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
    settled?.(batch.spans, result);
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
      const error = new Error("too many spans are under way");
      settled?.(spans, { code: ExportResultCode.FAILED, error });
      done({ code: ExportResultCode.FAILED, error });
      return;
    }
    const batch: Batch = { spans, done, exporter: current, waiters: [] };
    underWay.add(batch);
    unacknowledged += spans.length;
    waiting.push(batch);
    if (!isCollecting) next();
  };
  const collected = (handOver: () => void): readonly Batch[] => {
    isCollecting = true;
    try {
      handOver();
    } finally {
      isCollecting = false;
    }
    return [...underWay];
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
      const batches = collected(handOver);
      const isSent = batches.length === 0 || send(batches.map((batch) => batch.spans));
      if (!isSent) next();
      else for (const batch of batches) settle(batch, { code: ExportResultCode.SUCCESS });
      return isSent;
    },
    unsent: (handOver) => collected(handOver).map(({ spans }) => spans),
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
