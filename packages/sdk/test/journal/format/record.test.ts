import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLineBuffer } from "../../../dist/journal/format/line-buffer.js";
import {
  bodyOf,
  encodeRecord,
  MAX_RECORD_BYTES,
  type RecordType,
  recordsIn,
} from "../../../dist/journal/format/record.js";
import { plainChecksum, plainRecords } from "../plain-reader.ts";

const TYPES: readonly RecordType[] = ["H", "S", "B", "C", "V", "Y", "U", "D", "E", "F", "A"];

const type = fc.constantFrom(...TYPES);
const number = fc.oneof(
  fc.maxSafeNat(),
  fc.constantFrom(0, 9, 10, 99, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER),
);
// Every code unit, lone surrogates among them, and numbers that JSON keeps.
const body = fc.jsonValue({ stringUnit: "binary", maxDepth: 3 });

const read = (bytes: Buffer) => {
  const damaged: number[] = [];
  const records = [...recordsIn(bytes, (length) => damaged.push(length))].map((placed) => ({
    type: placed.type,
    n: placed.n,
    body: bodyOf(bytes, placed),
  }));
  return { records, damaged };
};

const lineOf = (of: RecordType, n: number, json: string): Buffer => {
  const line = createLineBuffer();
  expect(line.set(of, n, json)).toBe(true);
  return Buffer.from(line.bytes.slice(line.start, line.start + line.length));
};

/** A record of each type, as short as they are long enough to be told apart. */
const SEGMENT = Buffer.concat(TYPES.map((of, n) => encodeRecord(of, n * 1000, `{"é":${n}}`)));
const WRITTEN = read(SEGMENT).records;

describe("a record of the journal", () => {
  test("any JSON of any number is read as it was written, by both readers", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(type, number, body), { maxLength: 8 }), (rows) => {
        const bytes = Buffer.concat(
          rows.map(([of, n, of2]) => encodeRecord(of, n, JSON.stringify(of2))),
        );
        const records = rows.map(([of, n, json]) => ({
          type: of,
          n,
          body: JSON.parse(JSON.stringify(json)),
        }));
        expect(read(bytes)).toEqual({ records, damaged: [] });
        expect(plainRecords(bytes)).toEqual(records);
      }),
    );
  });

  test("the line is the same whether it is made in place or apart", () => {
    fc.assert(
      fc.property(type, number, body, (of, n, value) => {
        const json = JSON.stringify(value);
        expect(lineOf(of, n, json)).toEqual(encodeRecord(of, n, json));
      }),
    );
  });

  test("the checksum is the CRC-32 of zlib, at every length", { skip: crc32 === undefined }, () => {
    const text = "B1 ".padEnd(64, "0123456789");
    for (let length = 4; length < text.length; length += 1) {
      const json = text.slice(3, length);
      const expected = crc32(`B1 ${json}`).toString(16).padStart(8, "0");
      expect(encodeRecord("B", 1, json).toString()).toBe(`${expected} B1 ${json}\n`);
    }
  });

  test("a segment that is torn anywhere has all records before, and no other", () => {
    const ends = WRITTEN.map((_, record) => endOf(record));
    for (let length = 0; length <= SEGMENT.length; length += 1) {
      const whole = ends.filter((end) => end <= length).length;
      const { records, damaged } = read(SEGMENT.subarray(0, length));
      expect(records).toEqual(WRITTEN.slice(0, whole));
      expect(damaged.length).toBe(length === (ends[whole - 1] ?? 0) ? 0 : 1);
    }
  });

  test("with any one bit flipped nothing is read that was not written, and the others are", () => {
    const bytes = Buffer.from(SEGMENT);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const at = bit >> 3;
      const flipped = 1 << (bit & 7);
      bytes[at] = (bytes[at] ?? 0) ^ flipped;
      const { records, damaged } = read(bytes);
      const hit = WRITTEN.findIndex((_, n) => at < endOf(n));
      // A line feed that is none any more takes the line behind it along.
      const taken = SEGMENT[at] === 10 ? 2 : 1;
      expect(records).toEqual(WRITTEN.filter((_, n) => n < hit || n >= hit + taken));
      expect(damaged.length).toBeGreaterThan(0);
      bytes[at] = (bytes[at] ?? 0) ^ flipped;
    }
  });

  test("nothing is read from what is no segment", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (garbage) => {
        expect(read(Buffer.from(garbage)).records).toEqual([]);
      }),
    );
    expect(read(Buffer.alloc(0))).toEqual({ records: [], damaged: [] });
    expect(read(Buffer.alloc(5000))).toEqual({ records: [], damaged: [5000] });
    expect(read(Buffer.alloc(1 << 20, "7"))).toEqual({ records: [], damaged: [1 << 20] });
    expect(read(Buffer.from("\n\n")).records).toEqual([]);
  });

  test("records between garbage are found, and the garbage counted", () => {
    const good = encodeRecord("B", 7, "{}");
    const bytes = Buffer.concat([
      Buffer.from("\0\0\0\n"),
      good,
      Buffer.from("x\n"),
      good,
      good.subarray(0, -1),
    ]);
    const record = { type: "B", n: 7, body: {} };
    expect(read(bytes)).toEqual({ records: [record, record], damaged: [3, 1, good.length - 1] });
  });

  test.each([
    ["a number that is no safe integer", "B9007199254740992 {}"],
    ["a number too great for any", `B${"9".repeat(400)} {}`],
    ["no number", "B {}"],
    ["a negative one", "B-1 {}"],
    ["a type that there is not", "X1 {}"],
    ["no body", "B1 "],
    ["no space", "B123456"],
  ])("with a checksum that holds and %s it is none", (_, text) => {
    const digits = sealOf(text);
    expect(read(Buffer.from(`${digits} ${text}\n`))).toEqual({
      records: [],
      damaged: [9 + text.length],
    });
  });

  test("the greatest safe integer is a number", () => {
    const text = "B9007199254740991 {}";
    expect(read(Buffer.from(`${sealOf(text)} ${text}\n`)).records).toEqual([
      { type: "B", n: Number.MAX_SAFE_INTEGER, body: {} },
    ]);
  });

  test("a body that is no JSON is undefined", () => {
    expect(read(encodeRecord("B", 1, "{")).records).toEqual([{ type: "B", n: 1, body: undefined }]);
  });

  test.each([
    ["a", 1],
    ["é", 2],
    ["€", 3],
    ["😀", 4],
  ])("a line of MAX_RECORD_BYTES is made, and no longer one, of %s", (unit, bytes) => {
    const room = MAX_RECORD_BYTES - encodeRecord("B", 1, '""').length;
    const units = Math.floor(room / bytes);
    const most = `"${unit.repeat(units)}${"-".repeat(room - units * bytes)}"`;
    const line = createLineBuffer();
    expect([line.set("B", 1, most), line.length]).toEqual([true, MAX_RECORD_BYTES]);
    expect(line.set("B", 1, `${most.slice(0, -1)}-"`)).toBe(false);
    expect(line.set("B", 1, `"${unit.repeat(2 * MAX_RECORD_BYTES)}"`)).toBe(false);
  });
});

const endOf = (record: number): number => {
  let end = 0;
  for (let n = 0; n <= record; n += 1) end = SEGMENT.indexOf("\n", end) + 1;
  return end;
};

/** What would make a line of this text a whole one. */
const sealOf = (text: string): string =>
  plainChecksum(Buffer.from(text)).toString(16).padStart(8, "0");
