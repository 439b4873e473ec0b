import { checksumOf } from "./checksum.ts";
import { HEAD, seal, sealAt } from "./seal.ts";

/**
 * The kinds of record. `H` header, `S` source, `B` begin, `C` cause, `V` evidence, `Y` a run that is
 * none any more, `U` a run that is over though its span goes on, `D` an action's code is done, `E` end, `F` finished span, `A` acknowledged.
 */
export type RecordType = "H" | "S" | "B" | "C" | "V" | "Y" | "U" | "D" | "E" | "F" | "A";

/** The most bytes that a line takes, its line feed included; a longer one is not written. */
export const MAX_RECORD_BYTES: number = 256 * 1024;

/** A line of a segment: eight digits of CRC-32, a space, type, number, a space, JSON, a line feed. */
export const encodeRecord = (type: RecordType, n: number, json: string): Buffer => {
  const text = `${type}${n} ${json}\n`;
  const line = Buffer.allocUnsafe(HEAD + Buffer.byteLength(text));
  line.write(text, HEAD, "utf8");
  seal(line, 0, checksumOf(line, HEAD, line.length - 1));
  return line;
};

/** Where a record lies within a segment, and what can be told without reading its body. */
export interface Placed {
  readonly type: RecordType;
  readonly n: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * The records of a segment that are whole, in order. A line that is torn, of another form or whose
 * checksum does not hold is skipped, and `damaged` is told its length.
 */
export function* recordsIn(
  bytes: Buffer,
  damaged: (length: number) => void = () => undefined,
): Generator<Placed> {
  let offset = 0;
  while (offset < bytes.length) {
    const feed = bytes.indexOf(LINE_FEED, offset);
    const end = feed < 0 ? bytes.length : feed;
    const placed = feed < 0 ? undefined : recordAt(bytes, offset, end);
    if (placed === undefined) damaged(end - offset);
    else yield placed;
    offset = end + 1;
  }
}

/** The body of a record that {@link recordsIn} gave; undefined if it is no JSON. */
export const bodyOf = (bytes: Buffer, { offset, length }: Placed): unknown => {
  // By hand, because it is a few bytes on, and each native call takes longer than these.
  let start = offset + HEAD + 1;
  while (start < offset + length && bytes[start] !== SPACE) start += 1;
  try {
    return JSON.parse(bytes.toString("utf8", start + 1, offset + length));
  } catch {
    return undefined;
  }
};

const recordAt = (bytes: Buffer, offset: number, end: number): Placed | undefined => {
  const start = offset + HEAD;
  if (end - start < MIN_TEXT || bytes[start - 1] !== SPACE) return undefined;
  const type = TYPES.get(bytes[start] ?? 0);
  if (type === undefined) return undefined;
  if (sealAt(bytes, offset) !== checksumOf(bytes, start, end)) return undefined;
  const n = numberAt(bytes, start + 1, end);
  return n === undefined ? undefined : { type, n, offset, length: end - offset };
};

const numberAt = (bytes: Buffer, start: number, end: number): number | undefined => {
  let n = 0;
  let at = start;
  for (; at < end && bytes[at] !== SPACE; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    n = n * 10 + digit;
  }
  return at > start && at < end && Number.isSafeInteger(n) ? n : undefined;
};

const LINE_FEED = 10;
const SPACE = 32;
const ZERO = 48;
/** `A0 0` */
const MIN_TEXT = 4;
const TYPES: ReadonlyMap<number, RecordType> = new Map(
  (["H", "S", "B", "C", "V", "Y", "U", "D", "E", "F", "A"] as const).map((type) => [
    type.charCodeAt(0),
    type,
  ]),
);
