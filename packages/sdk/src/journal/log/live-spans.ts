import type { Segment } from "./segment.ts";

/** What it would cost to give a span up; `open` ones are not. */
export type Worth = "open" | "completed" | "other";

/** A span that counts: its records are carried along. */
export interface LiveSpan {
  /** The oldest segment with records of it, and the others, in order. */
  segment: Segment;
  later: Segment[] | undefined;
  /** Bytes of its records. */
  bytes: number;
  worth: Worth;
  /** It is carried along to the end, although it may be retired. */
  isKept: boolean;
  isRetired: boolean;
}

/** The spans that count, by their numbers. */
export interface LiveSpans {
  /** How many are not retired, and the bytes of the records of all. */
  readonly size: number;
  readonly bytes: number;
  get(n: number): LiveSpan | undefined;
  /** A record of span `n` was written to `segment`; it counts from here on. */
  add(n: number, segment: Segment, length: number): void;
  /** The span's records in `from`, which are copied, are in `to` now. */
  move(span: LiveSpan, from: Segment, to: Segment): void;
  /** It counts no more, unless it is kept. */
  retire(n: number): void;
  clear(): void;
}

export const createLiveSpans = (): LiveSpans => {
  const spans = new Map<number, LiveSpan>();
  let bytes = 0;
  let kept = 0;
  return {
    get size() {
      return spans.size - kept;
    },
    get bytes() {
      return bytes;
    },
    get: (n) => spans.get(n),
    add: (n, segment, length) => {
      bytes += length;
      const span = spans.get(n);
      if (span === undefined) spans.set(n, newSpan(segment, length));
      else grow(span, segment, length);
    },
    move: (span, from, to) => {
      leave(span, from, to);
      enter(span, to);
    },
    retire: (n) => {
      const span = spans.get(n);
      if (span === undefined || span.isRetired) return;
      span.isRetired = true;
      if (span.isKept) {
        kept += 1;
        return;
      }
      spans.delete(n);
      bytes -= span.bytes;
      span.segment.spans -= 1;
      if (span.later !== undefined) for (const segment of span.later) segment.spans -= 1;
    },
    clear: () => {
      spans.clear();
      bytes = 0;
      kept = 0;
    },
  };
};

const newSpan = (segment: Segment, bytes: number): LiveSpan => {
  segment.spans += 1;
  return { segment, later: undefined, bytes, worth: "open", isKept: false, isRetired: false };
};

const grow = (span: LiveSpan, segment: Segment, length: number): void => {
  span.bytes += length;
  enter(span, segment);
};

/** Segments are entered in their order, so that the newest is the last. */
const enter = (span: LiveSpan, segment: Segment): void => {
  if ((span.later?.at(-1) ?? span.segment) === segment) return;
  (span.later ??= []).push(segment);
  segment.spans += 1;
};

/** A damaged record may have hidden the span from an earlier cleaning, so `from` need not be its first. */
const leave = (span: LiveSpan, from: Segment, to: Segment): void => {
  const segments = [span.segment, ...(span.later ?? [])].filter((segment) => segment !== from);
  const [first = to, ...later] = segments;
  if (segments.length === 0) to.spans += 1;
  from.spans -= 1;
  span.segment = first;
  span.later = later.length > 0 ? later : undefined;
};
