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
export const roomBehind = (
  processor: object,
  list: readonly unknown[] | undefined = NONE,
): number => {
  let room = Number.POSITIVE_INFINITY;
  // Without a list of its own, because a journal asks at the end of every run.
  for (const other of list) {
    if (other !== processor && isQueue(other)) room = Math.min(room, roomIn(other));
  }
  return room;
};

const NONE: readonly unknown[] = [];

/**
 * Has the batch processors behind `processor` that are full take one span more while `end` is
 * called. The bound is theirs, but one span in thousands does not break it, and of all spans it is
 * the one without which the others say nothing. False, and `end` is not called, if they will not.
 */
export const squeezeBehind = (
  processor: object,
  list: readonly unknown[] | undefined,
  end: () => void,
): boolean => {
  const full = queuesBehind(processor, list).filter((queue) => roomIn(queue) < 1);
  const sizes = full.map((queue) => queue._maxQueueSize);
  try {
    for (const queue of full) queue._maxQueueSize = queue._finishedSpans.length + 1;
    if (full.some((queue) => roomIn(queue) < 1)) return false;
    end();
    return true;
  } catch {
    return false;
  } finally {
    for (const [at, queue] of full.entries()) Reflect.set(queue, "_maxQueueSize", sizes[at]);
  }
};

/** A batch processor's queue, as both lines of the SDK have it. */
interface Queue {
  _maxQueueSize: number;
  readonly _finishedSpans: readonly unknown[];
}

const roomIn = ({ _maxQueueSize: size, _finishedSpans: spans }: Queue): number =>
  size - spans.length;

const queuesBehind = (processor: object, list: readonly unknown[] | undefined): readonly Queue[] =>
  (list ?? NONE).filter((other): other is Queue => other !== processor && isQueue(other));

const isQueue = (other: unknown): other is Queue => {
  if (typeof other !== "object" || other === null) return false;
  const { _maxQueueSize: size, _finishedSpans: spans } = other as Partial<Queue>;
  return typeof size === "number" && Array.isArray(spans);
};

/** True unless the span is known to be another provider's. */
export const isOfProcessor = (processor: object, span: object): boolean =>
  processorsOf(span)?.includes(processor) ?? true;

export const warn = (message: string): void => {
  diag.createComponentLogger({ namespace: "@otel-lifecycle/sdk" }).warn(message);
};
