import { cleanOldest } from "./clean.ts";
import type { EndedSpans } from "./ended-spans.ts";
import type { LiveSpans } from "./live-spans.ts";
import type { LogSizes } from "./sizes.ts";
import type { Tape } from "./tape.ts";
import { createTurns } from "./turns.ts";

/** Keeps the log as small as what counts, and below its limit. */
export interface Room {
  /** Whether a span of which a record of `bytes` is to be written may begin. */
  canBegin(bytes: number): boolean;
  /** Whether another record of a span may be written. */
  canAppend(bytes: number): boolean;
  /** To be called after a new segment was begun, or spans were retired. */
  wake(): void;
}

export interface RoomOptions {
  readonly sizes: LogSizes;
  readonly tape: Tape;
  readonly spans: LiveSpans;
  readonly ended: EndedSpans;
  readonly giveUp: (numbers: readonly number[]) => void;
}

export const createRoom = (options: RoomOptions): Room => {
  const { sizes, tape, spans } = options;
  let relievedAt = Number.NEGATIVE_INFINITY;
  const isDue = (): boolean => {
    const [oldest] = tape.segments;
    if (tape.fd < 0 || oldest === undefined || oldest === tape.newest) return false;
    if (oldest.spans === 0) return true;
    // Without the second condition it would copy round and round, when nothing is to be won.
    const most = Math.min(Math.max(sizes.slack, 2 * spans.bytes), sizes.pressure);
    return tape.bytes > most && tape.payload - spans.bytes >= sizes.segment;
  };
  const clean = (): boolean => {
    try {
      return cleanOldest(tape, spans);
    } catch (error) {
      return tape.fail("a segment could not be cleaned", error);
    }
  };
  /** What nobody needs goes at once, because that takes no reading; of what has to be copied one segment. */
  const turn = (): boolean => {
    const until = performance.now() + SHARE_MS;
    for (let left = MAX_DROPPED; left > 0 && tape.segments[0]?.spans === 0; left -= 1) {
      if (!isDue() || !clean() || performance.now() > until) return true;
    }
    return !isDue() || clean();
  };
  const turns = createTurns(isDue, turn);
  /** At once, but not again until a segment more was written: an application must not wait for it at every run. */
  const cleanNow = (bytes: number): void => {
    if (tape.written - relievedAt < sizes.segment) return;
    for (let left = MAX_AT_ONCE; left > 0 && tape.bytes + bytes > sizes.pressure; left -= 1) {
      if (!isDue() || !clean()) break;
    }
    relievedAt = tape.written;
  };
  const relieve = (bytes: number): void => {
    if (spans.bytes + bytes > sizes.live) giveUpFor(bytes, options);
    if (tape.bytes + bytes > sizes.pressure) cleanNow(bytes);
    turns.wake();
  };
  const isEasy = (bytes: number): boolean =>
    spans.bytes + bytes <= sizes.live && tape.bytes + bytes <= sizes.pressure;
  return {
    canBegin: (bytes) => {
      if (isEasy(bytes)) return true;
      relieve(bytes);
      return spans.bytes + bytes <= sizes.live && tape.bytes + bytes <= sizes.begin;
    },
    canAppend: (bytes) => {
      if (isEasy(bytes)) return true;
      relieve(bytes);
      return tape.bytes + bytes <= sizes.append;
    },
    wake: turns.wake,
  };
};

/** Segments; each takes about 3 ms if all of it has to be copied. */
const MAX_AT_ONCE = 4;

/**
 * Segments that are deleted in one turn, at about 0.1 ms each; fewer where they take long, because
 * what is not on the disk yet can take a busy system 7 ms.
 */
const MAX_DROPPED = 16;
const SHARE_MS = 3;

/** A segment's worth at a time, because each time is a record. */
const giveUpFor = (bytes: number, { sizes, spans, ended, giveUp }: RoomOptions): void => {
  let tooMuch = spans.bytes + bytes - sizes.live + sizes.segment;
  const numbers: number[] = [];
  while (tooMuch > 0) {
    const next = ended.take();
    if (next === undefined) break;
    numbers.push(next.n);
    tooMuch -= next.span.bytes;
  }
  giveUp(numbers);
};
