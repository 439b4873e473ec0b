import type { HeaderBody } from "../format/bodies.ts";
import { VERSION } from "../format/bodies.ts";
import { bodyOf, type Placed, recordsIn } from "../format/record.ts";
import { isAcknowledged, isBegin, isDone, isHeader, isSource } from "./body-forms.ts";
import { createPace } from "./pace.ts";
import { openRegular, piecesOf, segmentsOf } from "./segments.ts";
import { createSources, type Sources } from "./sources.ts";
import {
  ACKNOWLEDGED,
  ACTION,
  BEGAN,
  createSpanIndex,
  ENDED,
  FINAL,
  type SpanIndex,
  TAKEN,
} from "./span-index.ts";

/** What a first reading of a journal finds. */
export interface JournalIndex {
  /** The last header; undefined where none is whole. */
  readonly header: HeaderBody | undefined;
  readonly segments: readonly string[];
  readonly spans: SpanIndex;
  readonly sources: Sources;
  /** Lines that were torn or damaged. */
  readonly damaged: number;
}

/** The name of the file in which a recovery takes down what it has exported. */
export const ACKNOWLEDGED_LOG = "acknowledged.log";

/**
 * Reads every segment once, in turns of the event loop, and keeps where the records are. Undefined
 * where a header is of a newer version. Rejects where the folder cannot be read.
 */
export const readIndex = async (path: string): Promise<JournalIndex | undefined> => {
  const segments = await segmentsOf(path);
  const reading: Reading = {
    header: undefined,
    isNewer: false,
    spans: createSpanIndex(),
    sources: createSources(),
    damaged: 0,
    acknowledged: ACKNOWLEDGED,
  };
  for (const [segment, file] of segments.entries()) {
    await readFile(reading, file, segment);
    if (reading.isNewer) return undefined;
  }
  await readFile({ ...reading, acknowledged: TAKEN }, `${path}/${ACKNOWLEDGED_LOG}`, undefined);
  const { header, spans, sources, damaged } = reading;
  return { header, segments, spans, sources, damaged };
};

interface Reading {
  header: HeaderBody | undefined;
  isNewer: boolean;
  readonly spans: SpanIndex;
  readonly sources: Sources;
  damaged: number;
  /** What an `A` says in the file that is read. */
  readonly acknowledged: number;
}

const readFile = async (
  reading: Reading,
  path: string,
  segment: number | undefined,
): Promise<void> => {
  const file = await openRegular(path);
  if (file === undefined) {
    // A segment that is none is damage; that nothing was exported yet is not.
    if (segment !== undefined) reading.damaged += 1;
    return;
  }
  try {
    const pace = createPace();
    for await (const { bytes, at } of piecesOf(file)) {
      const mayBeAction = finder(bytes, ACTION_KEY);
      for (const placed of recordsIn(bytes, () => (reading.damaged += 1))) {
        const isGood =
          segment === undefined
            ? placed.type === "A" && takeAcknowledged(reading, bodyOf(bytes, placed))
            : take(reading, bytes, placed, { segment, at, mayBeAction });
        if (!isGood) reading.damaged += 1;
        if (reading.isNewer) return;
        const rest = pace.rest();
        if (rest !== undefined) await rest;
      }
    }
  } catch {
    // What cannot be read is as good as torn.
    reading.damaged += 1;
  } finally {
    await file.close();
  }
};

/** The piece that a record is in. */
interface Within {
  readonly segment: number;
  readonly at: number;
  readonly mayBeAction: Finder;
}

/** False where the body has another form. */
const take = (
  reading: Reading,
  bytes: Buffer,
  placed: Placed,
  { segment, at, mayBeAction }: Within,
): boolean => {
  const { type, n, offset, length } = placed;
  switch (type) {
    case "H":
      return takeHeader(reading, bodyOf(bytes, placed));
    case "S": {
      const body = bodyOf(bytes, placed);
      if (!isSource(body)) return false;
      reading.sources.add(n, body);
      return true;
    }
    case "D":
      if (isFinalDone(bodyOf(bytes, placed))) reading.spans.mark(n, FINAL);
      return reading.spans.add(n, 0, { segment, offset: at + offset, length });
    case "A":
      return takeAcknowledged(reading, bodyOf(bytes, placed));
    default: {
      const fact = type === "B" ? beginning(bytes, placed, mayBeAction) : (FACTS[type] ?? 0);
      return reading.spans.add(n, fact, { segment, offset: at + offset, length });
    }
  }
};

const takeHeader = (reading: Reading, body: unknown): boolean => {
  if (!isHeader(body)) return false;
  reading.isNewer ||= body.v > VERSION;
  reading.header = body;
  return true;
};

const takeAcknowledged = ({ spans, acknowledged }: Reading, body: unknown): boolean => {
  if (!isAcknowledged(body)) return false;
  return body.every((n) => spans.mark(n, acknowledged));
};

// Only what may be an action's is read here: to read all would take half of the time that there is.
const beginning = (bytes: Buffer, placed: Placed, mayBeAction: Finder): number => {
  if (!mayBeAction(placed)) return BEGAN;
  const body = bodyOf(bytes, placed);
  if (!isBegin(body) || !("c" in body)) return BEGAN;
  return body.c.final ? BEGAN | ACTION | FINAL : BEGAN | ACTION;
};

const isFinalDone = (body: unknown): boolean => isDone(body) && body.final === true;

/** Whether a record, of those of a piece in their order, holds something. */
type Finder = (placed: Placed) => boolean;

// One search through the piece, and not one in each record: a call costs as much as 300 bytes of it.
const finder = (bytes: Buffer, text: Buffer): Finder => {
  let found = -1;
  return ({ offset, length }) => {
    if (found < offset) {
      const next = bytes.indexOf(text, offset);
      found = next < 0 ? bytes.length : next;
    }
    return found < offset + length;
  };
};

const ACTION_KEY = Buffer.from('"c"');
const FACTS: Readonly<Record<string, number>> = { E: ENDED, F: BEGAN | ENDED };
