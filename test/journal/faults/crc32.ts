import { gzipSync } from "node:zlib";

/** The CRC-32 of a text as eight hexadecimal digits, as gzip writes it down at its end. */
export const crc32 = (text: string): string => {
  const zipped = gzipSync(text);
  return zipped
    .readUInt32LE(zipped.length - 8)
    .toString(16)
    .padStart(8, "0");
};
