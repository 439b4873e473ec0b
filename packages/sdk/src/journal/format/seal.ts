/** Bytes of a line before its text: the checksum's eight digits and a space. */
export const HEAD = 9;

/** Writes a checksum and its space at the front of a line. */
export const seal = (bytes: Uint8Array, start: number, checksum: number): void => {
  for (let at = 0; at < HEAD - 1; at += 1) {
    bytes[start + at] = DIGITS[(checksum >>> (28 - 4 * at)) & 15] ?? 0;
  }
  bytes[start + HEAD - 1] = SPACE;
};

/** The checksum at the front of a line; -1 where there are no eight digits. */
export const sealAt = (bytes: Uint8Array, start: number): number => {
  let sum = 0;
  for (let at = start; at < start + HEAD - 1; at += 1) {
    const digit = VALUES[bytes[at] ?? 0] ?? -1;
    if (digit < 0) return -1;
    sum = sum * 16 + digit;
  }
  return sum;
};

const DIGITS = new TextEncoder().encode("0123456789abcdef");
/** What a byte is as a digit; -1 for what is none. By it, because to search costs a recovery a tenth. */
const VALUES: Int8Array = new Int8Array(256).fill(-1);
for (const [value, digit] of DIGITS.entries()) VALUES[digit] = value;
const SPACE = 32;
