import { closeSync, unlinkSync, writeSync } from "node:fs";
import { createHeads, type Lines } from "./heads.ts";
import { createSegment, newSegment, type Segment } from "./segment.ts";

/** The segments, of which the newest is written and the oldest is dropped. */
export interface Tape {
  /** The newest segment's descriptor; -1 once it is closed. */
  readonly fd: number;
  readonly newest: Segment;
  /** From the oldest to the newest. */
  readonly segments: readonly Segment[];
  /** How many bytes are in them, how many of these are no heads, and how many were ever written. */
  readonly bytes: number;
  readonly payload: number;
  readonly written: number;
  /** Writes the lines there. False if the tape is, or now was, closed. */
  write(lines: Lines): boolean;
  /**
   * Writes a line that every later segment begins with, in the place of the one with that key. False
   * also if such lines would take more than a segment.
   */
  head(key: string, line: Lines): boolean;
  /** Deletes the oldest segment. @throws what the system says. */
  dropOldest(): void;
  /** Closes it, and tells `onFailure`, unless it was closed. */
  fail(reason: string, error?: unknown): false;
  close(): void;
}

export interface TapeOptions {
  readonly path: string;
  readonly segmentBytes: number;
  /** Told once, after it was closed, why nothing can be written any more. */
  readonly onFailure: (reason: string, error?: unknown) => void;
  /** Told that there is a new segment; whoever is told closes the descriptor of the one before. */
  readonly onRotated: (before: number) => void;
}

/** Opens the first segment. Does not throw: `onFailure` is told. */
export const openTape = (options: TapeOptions): Tape => {
  const { path, segmentBytes, onFailure, onRotated } = options;
  const heads = createHeads(segmentBytes);
  let isClosed = false;
  let slow = 0;

  const close = (): void => {
    isClosed = true;
    if (tape.fd >= 0) closeQuietly(tape.fd);
    tape.fd = -1;
  };
  const fail = (reason: string, error?: unknown): false => {
    if (isClosed) return false;
    close();
    onFailure(reason, error);
    return false;
  };
  const put = ({ bytes, start, length }: Lines): void => {
    const done = writeSync(tape.fd, bytes, start, length);
    if (done !== length) throw Object.assign(new Error(), { code: "short, as on a full disk" });
    tape.newest.bytes += length;
    tape.bytes += length;
    tape.written += length;
  };
  const openNext = (): void => {
    const next = newSegment(path, tape.newest.index + 1, segmentBytes);
    const opened = createSegment(next);
    if (opened === undefined && tape.fd < 0) throw new Error("no file descriptor is left");
    // The segment that is open will do for as long again.
    if (opened === undefined) tape.newest.room += segmentBytes;
    if (opened === undefined) return;
    const before = tape.fd;
    tape.fd = opened;
    tape.newest = next;
    tape.segments.push(next);
    if (before >= 0) onRotated(before);
    for (const line of heads.lines()) put(line);
  };
  const timed = (lines: Lines, payload: number): boolean => {
    if (tape.fd < 0) return false;
    const began = performance.now();
    try {
      const { newest } = tape;
      if (newest.payload > 0 && newest.payload + payload > newest.room) openNext();
      put(lines);
    } catch (error) {
      return fail("a write failed", error);
    }
    tape.newest.payload += payload;
    tape.payload += payload;
    if (performance.now() - began <= SLOW_MS) slow = 0;
    else slow += 1;
    return slow < MAX_SLOW || fail(`${MAX_SLOW} writes in a row took over ${SLOW_MS} ms each`);
  };
  const tape = {
    fd: -1,
    newest: newSegment(path, 0, 0),
    segments: [] as Segment[],
    bytes: 0,
    payload: 0,
    written: 0,
    write: (lines: Lines) => timed(lines, lines.length),
    head: (key: string, line: Lines) => heads.set(key, line) && timed(line, 0),
    dropOldest: () => {
      const [oldest] = tape.segments;
      if (oldest === undefined || oldest === tape.newest) return;
      unlinkSync(oldest.path);
      tape.segments.shift();
      tape.bytes -= oldest.bytes;
      tape.payload -= oldest.payload;
    },
    fail,
    close,
  };
  try {
    openNext();
  } catch (error) {
    fail("its first segment could not be made", error);
  }
  return tape;
};

/** Longer than this an application is held up, in ms. */
const SLOW_MS = 50;

/** So many in a row are the disk's doing. Fewer may be the scheduler's, on a machine that has too much to do. */
const MAX_SLOW = 4;

const closeQuietly = (fd: number): void => {
  try {
    closeSync(fd);
  } catch {
    // It is gone either way.
  }
};
