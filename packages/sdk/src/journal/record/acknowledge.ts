import type { JournalLog } from "../log/journal-log.ts";
import { entryOf } from "./entry.ts";

/** Takes spans out of the journal, because they have been exported. */
export const acknowledge = (log: JournalLog, spans: readonly object[]): void => {
  const numbers: number[] = [];
  for (const span of spans) {
    const entry = entryOf(span, log);
    if (entry === undefined) continue;
    entry.hasLeft = true;
    numbers.push(entry.n);
  }
  if (numbers.length > 0) log.retire(numbers);
};
