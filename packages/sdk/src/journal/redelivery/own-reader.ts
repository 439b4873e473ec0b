import { basename } from "node:path";
import { bodyOf, type Placed, recordsIn } from "../format/record.ts";
import { isSource } from "../recovery/body-forms.ts";
import { type RebuiltSpan, rebuiltSpan } from "../recovery/rebuilt-span.ts";
import { addRecord, noRecords, recordedSpan, type SpanRecords } from "../recovery/recorded-span.ts";
import { openRegular, piecesOf, segmentsOf } from "../recovery/segments.ts";
import { createSources, type Sources } from "../recovery/sources.ts";
import type { Numbered } from "../sending/sender.ts";
import type { Reader } from "./reader.ts";

/**
 * Reads spans that have ended back from the journal at `path`, which goes on being written and
 * cleaned: what a cleaning takes away behind the reader it has seen, and what it takes away before
 * it comes again in a newer segment.
 */
export const readOwn = (path: string, wanted: ReadonlySet<number>): Reader<RebuiltSpan> => {
  const found = createFound(wanted);
  let last = 0;
  return {
    missing: found.missing,
    next: async (limit) => {
      while (found.ready.length === 0 && found.missing.size > 0) {
        const segment = await segmentAfter(path, last);
        if (segment === undefined) break;
        last = numberOf(segment);
        await readSegment(segment, found);
        await pause();
      }
      return found.ready.splice(0, limit);
    },
  };
};

/** What a pass has found so far. */
interface Found {
  readonly missing: ReadonlySet<number>;
  /** Those of which all is known that was to be looked for. */
  readonly ready: Numbered<RebuiltSpan>[];
  add(bytes: Buffer, record: Placed): void;
  /** To be called after each segment, because two beginnings of one span stand together. */
  gather(): void;
}

const createFound = (wanted: ReadonlySet<number>): Found => {
  const missing = new Set(wanted);
  const sources = createSources();
  const parts = new Map<number, Part>();
  const whole = new Set<number>();
  const ready: Numbered<RebuiltSpan>[] = [];
  let bytesOfParts = 0;
  return {
    missing,
    ready,
    add: (bytes, record) => {
      const { type, n, length } = record;
      if (type === "S") return addSource(sources, n, bodyOf(bytes, record));
      if (!missing.has(n) || (type !== "B" && type !== "E" && type !== "F")) return;
      // Left for the next pass; it is neither missing nor given.
      if (bytesOfParts > MAX_BYTES && !parts.has(n)) return void missing.delete(n);
      const part = parts.get(n) ?? { records: noRecords(), bytes: 0 };
      if (!addRecord(part.records, type, bodyOf(bytes, record))) return;
      parts.set(n, part);
      part.bytes += length;
      bytesOfParts += length;
      if (isWhole(part.records)) whole.add(n);
    },
    gather: () => {
      for (const n of whole) {
        const part = parts.get(n);
        const span = part && spanOf(part.records, sources);
        bytesOfParts -= part?.bytes ?? 0;
        parts.delete(n);
        missing.delete(n);
        if (span !== undefined) ready.push({ n, span });
      }
      whole.clear();
    },
  };
};

/** What was read of one span. */
interface Part {
  readonly records: SpanRecords;
  bytes: number;
}

/** What beginnings whose ends are in later segments may take. */
const MAX_BYTES = 16 * 1024 * 1024;

const addSource = (sources: Sources, n: number, body: unknown): void => {
  if (isSource(body)) sources.add(n, body);
};

const isWhole = ({ begin, end, finished }: SpanRecords): boolean =>
  finished !== undefined || (begin !== undefined && end !== undefined);

const spanOf = (records: SpanRecords, sources: Sources): RebuiltSpan | undefined => {
  const span = recordedSpan(records);
  if (span?.type === "finished")
    return rebuiltSpan(sources.get(span.body.src), span.body, span.body);
  if (span?.type !== "ended") return undefined;
  return rebuiltSpan(sources.get(span.start.src), span.start, span.end);
};

const readSegment = async (path: string, found: Found): Promise<void> => {
  const file = await openRegular(path);
  if (file === undefined) return;
  try {
    for await (const { bytes } of piecesOf(file)) {
      for (const record of recordsIn(bytes)) found.add(bytes, record);
    }
  } finally {
    await file.close();
  }
  found.gather();
};

const segmentAfter = async (path: string, last: number): Promise<string | undefined> => {
  try {
    return (await segmentsOf(path)).find((segment) => numberOf(segment) > last);
  } catch {
    // The folder is gone, because the journal is off.
    return undefined;
  }
};

const numberOf = (segment: string): number => Number.parseInt(basename(segment), 10);

// Unref'd, so that between two segments the process may end.
const pause = (): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, PAUSE_MS).unref());

/** A segment takes about 3 ms: a quarter of the event loop's time, then, at the most. */
const PAUSE_MS = 10;
