import type { FileHandle } from "node:fs/promises";
import { bodyOf, type RecordType } from "../format/record.ts";
import { createPace } from "./pace.ts";
import { addRecord, noRecords, type RecordedSpan, recordedSpan } from "./recorded-span.ts";
import { openRegular } from "./segments.ts";
import type { Place, SpanIndex } from "./span-index.ts";

/** Reads what a journal holds of a few spans at a time. */
export interface SpanReader {
  /** The spans in these slots, undefined where the beginning is missing or damaged. Never rejects. */
  read(slots: readonly number[]): Promise<readonly (RecordedSpan | undefined)[]>;
  /** Records whose body had another form, so far. */
  readonly damaged: number;
  close(): Promise<void>;
}

export const createSpanReader = (segments: readonly string[], spans: SpanIndex): SpanReader => {
  const files = createOpenFiles(segments);
  let damaged = 0;
  return {
    get damaged() {
      return damaged;
    },
    read: async (slots) => {
      const records = slots.map(noRecords);
      const wanted: Wanted[] = [];
      slots.forEach((slot, index) => {
        spans.eachPlace(slot, ({ segment, offset, length }) => {
          wanted.push({ segment, offset, length, index });
        });
      });
      const pace = createPace();
      for (const span of spansOf(wanted)) {
        const bytes = await bytesOf(await files.get(span.segment), span);
        for (const { index, offset, length } of span.wanted) {
          const record = records[index];
          const type = bytes && typeAt(bytes, offset - span.from);
          if (record === undefined || bytes === undefined || type === undefined) damaged += 1;
          else {
            const placed = { type, n: 0, offset: offset - span.from, length };
            if (!addRecord(record, type, bodyOf(bytes, placed))) damaged += 1;
          }
          const rest = pace.rest();
          if (rest !== undefined) await rest;
        }
      }
      return records.map(recordedSpan);
    },
    close: files.close,
  };
};

interface Wanted extends Place {
  /** Of which of the spans that are read. */
  readonly index: number;
}

/** A stretch of a segment that is read at once. */
interface Stretch {
  readonly segment: number;
  readonly from: number;
  to: number;
  readonly wanted: Wanted[];
}

// What lies close together is read at once, because a read costs as much as 30 KiB more of it.
const spansOf = (wanted: Wanted[]): readonly Stretch[] => {
  wanted.sort((a, b) => a.segment - b.segment || a.offset - b.offset);
  const stretches: Stretch[] = [];
  let last: Stretch | undefined;
  for (const one of wanted) {
    const { segment, offset, length } = one;
    if (
      last === undefined ||
      last.segment !== segment ||
      offset - last.to > MAX_GAP_BYTES ||
      offset + length - last.from > MAX_STRETCH_BYTES
    ) {
      last = { segment, from: offset, to: offset + length, wanted: [] };
      stretches.push(last);
    }
    last.to = Math.max(last.to, offset + length);
    last.wanted.push(one);
  }
  return stretches;
};

const MAX_GAP_BYTES = 32 * 1024;
const MAX_STRETCH_BYTES = 1024 * 1024;

const bytesOf = async (
  file: FileHandle | undefined,
  { from, to }: Stretch,
): Promise<Buffer | undefined> => {
  const bytes = Buffer.allocUnsafe(to - from);
  try {
    const read = await file?.read(bytes, 0, bytes.length, from);
    return read?.bytesRead === bytes.length ? bytes : undefined;
  } catch {
    return undefined;
  }
};

const typeAt = (bytes: Buffer, offset: number): RecordType | undefined =>
  TYPES.get(bytes[offset + CHECKSUM_BYTES] ?? 0);

/** Eight digits and a space. */
const CHECKSUM_BYTES = 9;
const TYPES: ReadonlyMap<number, RecordType> = new Map(
  (["B", "C", "V", "Y", "U", "D", "E", "F"] as const).map((type) => [type.charCodeAt(0), type]),
);

const createOpenFiles = (paths: readonly string[]) => {
  const open = new Map<number, FileHandle | undefined>();
  return {
    get: async (index: number): Promise<FileHandle | undefined> => {
      if (open.has(index)) return open.get(index);
      if (open.size === MAX_OPEN) {
        for (const [oldest, file] of [...open].slice(0, 1)) {
          open.delete(oldest);
          await file?.close();
        }
      }
      const path = paths[index];
      const file = path === undefined ? undefined : await openRegular(path);
      open.set(index, file);
      return file;
    },
    close: async (): Promise<void> => {
      for (const file of open.values()) await file?.close();
      open.clear();
    },
  };
};

const MAX_OPEN = 8;
