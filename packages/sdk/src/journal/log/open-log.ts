import { closeSync } from "node:fs";
import { guarded } from "@otel-lifecycle/api/internal";
import { encodeRecord, MAX_RECORD_BYTES } from "../format/record.ts";
import { linesOf } from "./heads.ts";
import type { JournalLog, LogOptions } from "./journal-log.ts";
import { createLiveSpans } from "./live-spans.ts";
import { showLife } from "./sign-of-life.ts";
import { type LogSizes, sizesFor } from "./sizes.ts";
import { createSpanWriter } from "./span-writer.ts";
import { type Syncing, startSyncing } from "./sync.ts";
import { openTape } from "./tape.ts";

/** Opens the first segment; if it cannot be made the log is off, and `onOff` was called. */
export const openLog = (
  { path, maxBytes, syncIntervalMs, onOff }: LogOptions,
  sizes: LogSizes = sizesFor(maxBytes),
): JournalLog => {
  const spans = createLiveSpans();
  let syncing: Syncing | undefined;
  let stopLife: (() => void) | undefined;
  let last = 0;

  const stop = (): void => {
    stopLife?.();
    syncing?.stop();
    spans.clear();
  };
  const tape = openTape({
    path,
    segmentBytes: sizes.segment,
    onFailure: (reason, error) => {
      stop();
      guarded("journal off", () => onOff(reason, error));
    },
    onRotated: (before) => {
      if (syncing === undefined) closeSync(before);
      else syncing.finish(before);
      writer.wake();
    },
  });
  const writer = createSpanWriter({ tape, spans, sizes });
  if (tape.fd >= 0) {
    stopLife = showLife(tape);
    if (syncIntervalMs !== undefined) syncing = startSyncing(tape, syncIntervalMs);
  }
  return {
    get isOn() {
      return tape.fd >= 0;
    },
    get size() {
      const { bytes, segments } = tape;
      const counts = { segments: segments.length, givenUp: writer.givenUp };
      return { spans: spans.size, liveBytes: spans.bytes, bytes, ...counts };
    },
    next: () => (last += 1),
    append: writer.append,
    begin: writer.begin,
    ended: writer.ended,
    retire: writer.retire,
    has: (n) => spans.get(n)?.isRetired === false,
    keep: (n) => {
      const span = spans.get(n);
      if (span !== undefined) span.isKept = true;
    },
    head: (type, n, json) => {
      const line = encodeRecord(type, n, json);
      return line.length <= MAX_RECORD_BYTES && tape.head(`${type}${n}`, linesOf(line));
    },
    close: () => {
      tape.close();
      stop();
    },
  };
};
