// By hand, because zlib has it from Node 20.15 and 22.2 on only. Eight bytes a step, by eight tables
// ("slicing by eight"): two and a half times as fast as byte by byte, where a begin record is 350.

/** CRC-32 (ISO 3309, as gzip and zlib have it) of `bytes[start]` up to, not including, `bytes[end]`. */
export const checksumOf = (bytes: Uint8Array, start: number, end: number): number => {
  let sum = -1;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    sum ^= byteAt(bytes, at);
    sum ^= byteAt(bytes, at + 1) << 8;
    sum ^= byteAt(bytes, at + 2) << 16;
    sum ^= byteAt(bytes, at + 3) << 24;
    sum =
      tabled(7, sum & 0xff) ^
      tabled(6, (sum >>> 8) & 0xff) ^
      tabled(5, (sum >>> 16) & 0xff) ^
      tabled(4, sum >>> 24) ^
      tabled(3, byteAt(bytes, at + 4)) ^
      tabled(2, byteAt(bytes, at + 5)) ^
      tabled(1, byteAt(bytes, at + 6)) ^
      tabled(0, byteAt(bytes, at + 7));
  }
  for (; at < end; at += 1) sum = tabled(0, (sum ^ byteAt(bytes, at)) & 0xff) ^ (sum >>> 8);
  return ~sum >>> 0;
};

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

/** What a byte contributes that has `after` more bytes of its step behind it. */
const tabled = (after: number, byte: number): number => TABLES[(after << 8) | byte] ?? 0;

const TABLES: Int32Array = new Int32Array(8 * 256);
for (let n = 0; n < 256; n += 1) {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  TABLES[n] = value;
}
for (let at = 256; at < TABLES.length; at += 1) {
  const before = TABLES[at - 256] ?? 0;
  TABLES[at] = (TABLES[before & 0xff] ?? 0) ^ (before >>> 8);
}
