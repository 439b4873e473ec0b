/** What bounds a log, in bytes; all of it follows from the limit. */
export interface LogSizes {
  /** A segment takes no more records once it would be longer; the records at its head not counted. */
  readonly segment: number;
  /** Up to here nothing is copied to save space. */
  readonly slack: number;
  /** The most that records which count may take when a span begins: the rest is there to be won by cleaning. */
  readonly live: number;
  /** From here on it is cleaned at once, not in turns. */
  readonly pressure: number;
  /** The most on disk when a span begins, and when anything else is written about one. */
  readonly begin: number;
  readonly append: number;
}

/** One segment is kept for what a cleaning copies, one for what is written of spans that have begun. */
export const sizesFor = (
  maxBytes: number,
  segment: number = Math.min(MAX_SEGMENT, Math.max(MIN_SEGMENT, maxBytes / 16)),
): LogSizes => ({
  segment,
  slack: 4 * segment,
  live: maxBytes - Math.max(maxBytes / 8, 5 * segment),
  pressure: maxBytes - 3 * segment,
  begin: maxBytes - 2 * segment,
  append: maxBytes - segment,
});

const MIN_SEGMENT = 64 * 1024;
const MAX_SEGMENT = 1024 * 1024;
