import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A record as a reader finds it. */
export interface PlainRecord {
  readonly type: string;
  readonly n: number;
  readonly body: unknown;
}

/** CRC-32 bit by bit, as ISO 3309 defines it: slow, and no table can be wrong. */
export const plainChecksum = (bytes: Uint8Array): number => {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
};

const LINE = /^([0-9a-f]{8}) ([HSBCVYUDEFA])([0-9]+) ([^\n]+)$/s;

/** Lines that are whole, because a model looks at the same ones again and again. */
const KNOWN = new Map<string, PlainRecord>();

/** The records of a segment by FORMAT.md's words alone, without a line of the code that is under test. */
export const plainRecords = (segment: Buffer): PlainRecord[] => {
  const records: PlainRecord[] = [];
  // latin1 keeps every byte apart; the last part is what no line feed ends.
  for (const text of segment.toString("latin1").split("\n").slice(0, -1)) {
    const known = KNOWN.get(text);
    if (known !== undefined) records.push(known);
    if (known !== undefined) continue;
    const [, digits = "", type = "", number = "", json = ""] = LINE.exec(text) ?? [];
    const n = Number(number);
    if (digits === "" || !Number.isSafeInteger(n)) continue;
    if (plainChecksum(Buffer.from(text.slice(9), "latin1")) !== Number.parseInt(digits, 16))
      continue;
    const record = { type, n, body: JSON.parse(Buffer.from(json, "latin1").toString("utf8")) };
    KNOWN.set(text, record);
    records.push(record);
  }
  return records;
};

/** The segments of a folder, in the order of their names. */
export const segmentsIn = (path: string): string[] =>
  readdirSync(path)
    .filter((name) => name.endsWith(".log"))
    .sort();

export const recordsOf = (path: string): PlainRecord[] =>
  segmentsIn(path).flatMap((name) => plainRecords(readFileSync(join(path, name))));

/** What is left of each span that counts: its records, each once, without those that were acknowledged. */
export const liveIn = (records: readonly PlainRecord[]): Map<number, Set<string>> => {
  const done = new Set(
    records.filter(({ type }) => type === "A").flatMap(({ body }) => body as number[]),
  );
  const live = new Map<number, Set<string>>();
  for (const { type, n, body } of records) {
    if ("HSA".includes(type) || done.has(n)) continue;
    const of = live.get(n) ?? new Set<string>();
    live.set(n, of.add(`${type} ${JSON.stringify(body)}`));
  }
  return live;
};
