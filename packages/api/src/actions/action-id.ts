import { randomBytes } from "node:crypto";
import type { ActionId } from "../closes/close.ts";
import { nextNumber } from "../registry.ts";

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A new id in the form of a ULID, in lower case: 10 digits of time, 4 of the thread's counter, so
 * that ids of one millisecond sort as they were made, and 12 of randomness (60 bits).
 */
export const createActionId = (): ActionId => {
  const random = Array.from(randomBytes(12), (byte) => DIGITS[byte % 32]).join("");
  return (digits(Date.now(), 10) + digits(nextNumber(), 4) + random) as ActionId;
};

const digits = (value: number, length: number): string => {
  let text = "";
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) {
    text = DIGITS.charAt(rest % 32) + text;
  }
  return text;
};
