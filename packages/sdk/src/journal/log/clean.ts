import { readFileSync } from "node:fs";
import { encodeRecord } from "../format/record.ts";
import { HEAD } from "../format/seal.ts";
import { linesOf } from "./heads.ts";
import type { LiveSpan, LiveSpans } from "./live-spans.ts";
import { isShortOfDescriptors, type Segment } from "./segment.ts";
import type { Tape } from "./tape.ts";

/**
 * Copies the records in the oldest segment that count to the newest, and deletes it. False if that
 * cannot be now.
 *
 * @throws what the system says.
 */
export const cleanOldest = (tape: Tape, spans: LiveSpans): boolean => {
  const [oldest] = tape.segments;
  if (oldest === undefined || oldest === tape.newest) return false;
  if (oldest.spans > 0 && !copyFrom(oldest, tape, spans)) return false;
  tape.dropOldest();
  return true;
};

const copyFrom = (oldest: Segment, tape: Tape, spans: LiveSpans): boolean => {
  const bytes = readSegment(oldest);
  if (bytes === undefined) return false;
  const found = new Map<number, LiveSpan>();
  const length = keepLive(bytes, oldest, spans, found);
  if (length > 0 && !tape.write(linesOf(bytes, length))) return false;
  for (const span of found.values()) spans.move(span, oldest, tape.newest);
  // That they are acknowledged stands in a segment that may be the next to go.
  const retired = [...found].filter(([, span]) => span.isRetired).map(([n]) => n);
  if (retired.length === 0) return true;
  return tape.write(linesOf(encodeRecord("A", 0, JSON.stringify(retired))));
};

const readSegment = ({ path }: Segment): Buffer | undefined => {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isShortOfDescriptors(error)) return undefined;
    throw error;
  }
};

/**
 * Moves the lines that count to the front of `bytes`; returns how many bytes they are. They are
 * copied as they stand, checksum and all: what was damaged stays so, and nobody has to check it here.
 */
const keepLive = (
  bytes: Buffer,
  segment: Segment,
  spans: LiveSpans,
  found: Map<number, LiveSpan>,
): number => {
  let kept = 0;
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    const n = feed < 0 ? 0 : numberIn(bytes, start);
    const span = n > 0 ? spans.get(n) : undefined;
    if (span !== undefined && isIn(span, segment)) {
      found.set(n, span);
      bytes.copyWithin(kept, start, end);
      kept += end - start;
    }
    start = end;
  }
  return kept;
};

const isIn = (span: LiveSpan, segment: Segment): boolean =>
  span.segment === segment || span.later?.includes(segment) === true;

/** The span that a line is about; 0 where it is a source, a header, an acknowledgement, or damaged. */
const numberIn = (bytes: Buffer, start: number): number => {
  const type = bytes[start + HEAD];
  if (type === SOURCE || type === HEADER || type === ACKNOWLEDGED) return 0;
  let n = 0;
  for (let at = start + HEAD + 1; bytes[at] !== SPACE; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return 0;
    n = n * 10 + digit;
  }
  return n;
};

const LINE_FEED = 10;
const SPACE = 32;
const ZERO = 48;
const SOURCE = 83;
const HEADER = 72;
const ACKNOWLEDGED = 65;
