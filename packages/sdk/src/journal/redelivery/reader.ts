import type { Numbered } from "../sending/sender.ts";

/** One pass over the journal, from the oldest segment to the newest. */
export interface Reader<T> {
  /**
   * The next of those that are wanted, at most `limit`; none once all was read. Holds no file open in
   * between, and no turn of the event loop for more than a segment takes. Never rejects.
   */
  next(limit: number): Promise<readonly Numbered<T>[]>;
  /** What is wanted and was not found by now. */
  readonly missing: ReadonlySet<number>;
}
