import { noteBounded } from "@otel-lifecycle/api/internal";
import { createLineBuffer } from "../format/line-buffer.ts";
import type { RecordType } from "../format/record.ts";
import { createEndedSpans } from "./ended-spans.ts";
import type { JournalLog } from "./journal-log.ts";
import type { LiveSpans } from "./live-spans.ts";
import { createRoom } from "./room.ts";
import type { LogSizes } from "./sizes.ts";
import type { Tape } from "./tape.ts";

/** What is written about spans, within the limit. */
export interface SpanWriter extends Pick<JournalLog, "begin" | "append" | "ended" | "retire"> {
  readonly givenUp: number;
  /** To be called when a new segment was begun. */
  wake(): void;
}

export interface SpanWriterOptions {
  readonly tape: Tape;
  readonly spans: LiveSpans;
  readonly sizes: LogSizes;
}

export const createSpanWriter = ({ tape, spans, sizes }: SpanWriterOptions): SpanWriter => {
  const line = createLineBuffer();
  const ended = createEndedSpans(spans);
  let givenUp = 0;

  const isLive = (n: number): boolean => spans.get(n)?.isRetired === false;
  const write = (type: RecordType, n: number, json: string): boolean => {
    if (!line.set(type, n, json) || !tape.write(line)) return false;
    spans.add(n, tape.newest, line.length);
    return true;
  };
  const retire = (numbers: readonly number[]): void => {
    const known = numbers.filter(isLive);
    for (let at = 0; at < known.length; at += MAX_NUMBERS) {
      const some = known.slice(at, at + MAX_NUMBERS);
      if (!line.set("A", 0, `[${some.join()}]`) || !tape.write(line)) return;
      for (const n of some) spans.retire(n);
    }
    room.wake();
  };
  const giveUp = (numbers: readonly number[]): void => {
    if (numbers.length === 0) return;
    givenUp += numbers.length;
    noteBounded("journal: span given up", GIVEN_UP);
    retire(numbers);
  };
  const room = createRoom({ sizes, tape, spans, ended, giveUp });
  const append = (type: RecordType, n: number, json: string): void => {
    // First, because to make room may be to give up this very span.
    const isRoom = room.canAppend(json.length);
    if (!isLive(n) || (isRoom && write(type, n, json))) return;
    if (type !== "V" && isLive(n)) giveUp([n]);
  };
  const end = (n: number, worth: "completed" | "other"): void => {
    const span = spans.get(n);
    if (span === undefined || span.worth === worth) return;
    span.worth = worth;
    ended.add(n, worth);
  };
  const begin = (type: "B" | "F", n: number, json: string, isCover = false): boolean => {
    if (tape.fd < 0) return false;
    if (spans.get(n) !== undefined) {
      append(type, n, json);
      return isLive(n);
    }
    const isRoom = isCover ? room.canAppend(json.length) : room.canBegin(json.length);
    if (isRoom && write(type, n, json)) {
      if (type === "F") end(n, "other");
      return true;
    }
    // It may have gone off just now, which has its own warning.
    if (tape.fd < 0) return false;
    givenUp += 1;
    noteBounded("journal: span refused", REFUSED);
    return false;
  };
  return {
    get givenUp() {
      return givenUp;
    },
    begin,
    append,
    ended: end,
    retire,
    wake: room.wake,
  };
};

/** Numbers in one record: of 17 digits at most, well below MAX_RECORD_BYTES. */
const MAX_NUMBERS = 8192;

const GIVEN_UP =
  "its limit is reached; of what has ended and is not exported, completed runs go first.";
const REFUSED = "its limit is reached, or the record is too long; it will not be recovered.";
