import { checksumOf } from "./checksum.ts";
import { MAX_RECORD_BYTES, type RecordType } from "./record.ts";
import { HEAD, seal } from "./seal.ts";

/** One line at a time, always in the same memory. */
export interface LineBuffer {
  readonly bytes: Uint8Array;
  /** Where in `bytes` the line begins, and how long it is. */
  readonly start: number;
  readonly length: number;
  /** Makes the line of a record. False if it would be longer than MAX_RECORD_BYTES. */
  set(type: RecordType, n: number, json: string): boolean;
}

/**
 * The JSON, whose length is known only once it is encoded, stands at a fixed place, and what comes
 * before it is written backwards from there. That is a quarter faster than to join the texts first.
 */
export const createLineBuffer = (): LineBuffer => {
  const bytes = new Uint8Array(JSON_AT + MAX_RECORD_BYTES);
  const body = bytes.subarray(JSON_AT);
  let start = 0;
  let length = 0;
  return {
    bytes,
    get start() {
      return start;
    },
    get length() {
      return length;
    },
    set: (type, n, json) => {
      const { read, written } = encoder.encodeInto(json, body);
      const end = JSON_AT + written;
      const text = putNumber(bytes, n) - 1;
      start = text - HEAD;
      length = end + 1 - start;
      if (read !== json.length || length > MAX_RECORD_BYTES) return false;
      bytes[text] = type.charCodeAt(0);
      bytes[end] = LINE_FEED;
      seal(bytes, start, checksumOf(bytes, text, end));
      return true;
    },
  };
};

/** Writes the number and a space before the JSON; gives where the number begins. */
const putNumber = (bytes: Uint8Array, n: number): number => {
  let at = JSON_AT - 1;
  bytes[at] = SPACE;
  let left = n;
  do {
    const rest = Math.floor(left / 10);
    at -= 1;
    bytes[at] = ZERO + (left - 10 * rest);
    left = rest;
  } while (left > 0);
  return at;
};

const encoder = new TextEncoder();

/** Room for the checksum, a type and a number of 16 digits, with their spaces. */
const JSON_AT = 32;
const LINE_FEED = 10;
const SPACE = 32;
const ZERO = 48;
