import { diag } from "@opentelemetry/api";

/** What the SDKs' spans and processors look like from inside; private, so only ever looked for. */
interface Inside {
  readonly _spanProcessor?: { readonly _spanProcessors?: unknown };
}

/** The list of processors to which a span goes, where it can be seen. */
export const processorsOf = (span: object): readonly unknown[] | undefined => {
  const list = (span as Inside)._spanProcessor?._spanProcessors;
  return Array.isArray(list) ? list : undefined;
};

const before = (processor: object, span: object): readonly unknown[] => {
  const list = processorsOf(span) ?? [];
  return list.slice(0, Math.max(list.indexOf(processor), 0));
};

/**
 * True if a processor that exports is known to stand before `processor` in its provider's list:
 * `shutdown()` goes through that list, and an exporting one takes no span from its own on.
 */
export const isBehindExporter = (processor: object, span: object): boolean =>
  before(processor, span).some((other) => "_exporter" in Object(other));

/** True if another processor of the same class is known to stand before it in the list. */
export const isSecond = (processor: object, span: object): boolean =>
  before(processor, span).some((other) => Object(other).constructor === processor.constructor);

/**
 * How many spans the batch processors behind `processor` can take now, the fullest of them;
 * `Infinity` where none is known.
 */
export const roomBehind = (processor: object, list: readonly unknown[] | undefined): number => {
  let room = Number.POSITIVE_INFINITY;
  for (const other of list ?? []) {
    const { _maxQueueSize: size, _finishedSpans: queue } = Object(other) as Queueing;
    if (other === processor || typeof size !== "number" || !Array.isArray(queue)) continue;
    room = Math.min(room, size - queue.length);
  }
  return room;
};

/** A batch processor's queue, as both lines of the SDK have it. */
interface Queueing {
  readonly _maxQueueSize?: unknown;
  readonly _finishedSpans?: unknown;
}

/** True unless the span is known to be another provider's. */
export const isOfProcessor = (processor: object, span: object): boolean =>
  processorsOf(span)?.includes(processor) ?? true;

export const warn = (message: string): void => {
  diag.createComponentLogger({ namespace: "@otel-lifecycle/sdk" }).warn(message);
};
