import type { RecordType } from "../format/record.ts";

/** The append-only file of a journal, in segments. Nothing here throws: what fails switches it off. */
export interface JournalLog {
  /** False once it was switched off, or closed. */
  readonly isOn: boolean;
  /** The next number of a span or source, from 1. */
  next(): number;
  /**
   * Writes a record of span `n` before it returns. What was not begun with `begin` or was retired is
   * not written. For what is too long, or has no room, the span is given up, because without it the
   * journal would say something false of it; only evidence (`V`) is merely left out.
   */
  append(type: RecordType, n: number, json: string): void;
  /**
   * Writes the record with which span `n` begins to count: from here on it is carried along until it
   * is retired. False if it was refused, because the journal is off or full, or the record is longer
   * than MAX_RECORD_BYTES: nothing is written about the span then. A second one, of a span that was
   * begun, is as an `append`. Of an `F` the span has ended, with the worth `other`. A cover takes of
   * what is kept for spans that have begun, because without it the journal would say something false
   * of them.
   */
  begin(type: "B" | "F", n: number, json: string, isCover?: boolean): boolean;
  /** Span `n` has ended, with what it would cost to give it up: `completed` goes first when space is short. */
  ended(n: number, worth: "completed" | "other"): void;
  /** True while span `n` is in the journal: begun, and neither retired nor given up. */
  has(n: number): boolean;
  /** Writes that these spans are done with, and carries them no further. */
  retire(numbers: readonly number[]): void;
  /**
   * Carries span `n` along until the log is closed, also when it is retired: an action whose cover
   * never lapses, which closes runs that are open when it has long been exported.
   */
  keep(n: number): void;
  /**
   * Writes a record that every segment begins with: `H`, which replaces the one before, and `S`. False
   * if it was refused, because the log is off, the record longer than MAX_RECORD_BYTES, or all of them
   * longer than a segment: nothing must refer to such a source.
   */
  head(type: "H" | "S", n: number, json: string): boolean;
  readonly size: LogSize;
  /** Touches and syncs no more, and closes the file. The other functions are no-ops from here on. Never throws. */
  close(): void;
}

/** For tests and the soak. */
export interface LogSize {
  /** Spans that are not retired. */
  readonly spans: number;
  /** Bytes of their records, and of all that is on disk. */
  readonly liveBytes: number;
  readonly bytes: number;
  readonly segments: number;
  /** Ended spans that were given up, and beginnings that were refused, because the limit was reached. */
  readonly givenUp: number;
}

export interface LogOptions {
  /** The folder of the segments; it exists. */
  readonly path: string;
  /** The most that stays on disk, in bytes. */
  readonly maxBytes: number;
  /** How often what was written is synced to the disk, in ms; never by default. */
  readonly syncIntervalMs: number | undefined;
  /** Told once, why: the journal is off from now on. It removes the folder. */
  readonly onOff: (reason: string, error?: unknown) => void;
}
