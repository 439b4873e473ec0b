import type { Attributes } from "@opentelemetry/api";
import { noteBounded } from "@otel-lifecycle/api/internal";
import { quoted } from "./quoted.ts";

/** Text of JSON, and how much did not fit into it. */
export interface Bounded {
  readonly text: string;
  readonly dropped: number;
}

/** The most bytes that the attributes of a span take in a record. */
const MAX_ATTRIBUTES_BYTES: number = 128 * 1024;

/** The attributes as a JSON object of at most so many bytes; our own are the last that are left out. */
export const attributesText = (
  attributes: Attributes,
  maxBytes: number = MAX_ATTRIBUTES_BYTES,
): Bounded => {
  let members = "";
  for (const key in attributes) members = joined(members, memberText(attributes, key));
  return isBounded(members, maxBytes)
    ? { text: `{${members}}`, dropped: 0 }
    : fitting(attributes, Object.keys(attributes), maxBytes);
};

/** What differs from what was before, likewise, and a list of the names of what is gone. */
export interface AttributesDelta extends Bounded {
  readonly gone: string | undefined;
}

/** Attributes as they were, and how many. */
export interface AttributesThen {
  readonly attributes: Attributes;
  readonly count: number;
}

/**
 * What of the attributes differs from those that the span had then. Lists count as different,
 * because they may have been changed in place.
 */
export const deltaText = (
  attributes: Attributes,
  { attributes: then, count }: AttributesThen,
): AttributesDelta => {
  let members = "";
  let known = 0;
  for (const key in attributes) {
    const before = then[key];
    if (before !== undefined) {
      known += 1;
      if (isUnchanged(before, attributes[key])) continue;
    }
    members = joined(members, memberText(attributes, key));
  }
  const gone = known === count ? undefined : goneText(attributes, then);
  // Each by its name, because a spread takes longer than all the rest of it.
  if (isBounded(members, MAX_ATTRIBUTES_BYTES)) return { text: `{${members}}`, dropped: 0, gone };
  const changed = Object.keys(attributes).filter((key) => !isUnchanged(then[key], attributes[key]));
  const { text, dropped } = fitting(attributes, changed, MAX_ATTRIBUTES_BYTES);
  return { text, dropped, gone };
};

// No comma is put before the first and cut off again: that would copy all that was put together.
const joined = (members: string, member: string): string => {
  if (member === "") return members;
  return members === "" ? member : `${members},${member}`;
};

const isUnchanged = (before: unknown, now: unknown): boolean =>
  before === now && typeof now !== "object";

// Empty where there is none. A prototype that somebody has added to has no part in it.
const memberText = (attributes: Attributes, key: string): string => {
  const value = attributes[key];
  if (value === undefined || !Object.hasOwn(attributes, key)) return "";
  const text = valueText(value);
  if (text !== undefined) return `${quoted(key)}:${text}`;
  noteBounded("journal attributes", `${REMEDY}: JSON has no word for it.`);
  return "";
};

/** A value as JSON; undefined for what JSON has no word for: numbers that are not finite, bytes. */
const valueText = (value: unknown): string | undefined => {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      return Number.isFinite(value) ? `${value}` : undefined;
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return structureText(value);
    default:
      return undefined;
  }
};

const structureText = (value: object | null): string | undefined => {
  if (ArrayBuffer.isView(value)) return undefined;
  try {
    // In a list what is not finite is null, which keeps the place of the others.
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
};

const REMEDY = "an attribute would be missing from a span that had to be recovered";

/** Of any text of so many UTF-16 units the UTF-8 is at most three times as many bytes. */
const MAX_BYTES_OF_UNIT = 3;

const isBounded = (members: string, maxBytes: number): boolean =>
  members.length * MAX_BYTES_OF_UNIT <= maxBytes;

const fitting = (attributes: Attributes, keys: readonly string[], maxBytes: number): Bounded => {
  let members = "";
  let bytes = 2;
  let dropped = 0;
  // The verdict is what a span is recovered for.
  for (const key of [...keys.filter(isOurs), ...keys.filter((one) => !isOurs(one))]) {
    const member = memberText(attributes, key);
    // With its comma.
    const more = member === "" ? 0 : Buffer.byteLength(member) + 1;
    if (bytes + more > maxBytes) {
      dropped += 1;
      continue;
    }
    bytes += more;
    members = joined(members, member);
  }
  if (dropped > 0) noteBounded("journal attributes", `${REMEDY}: it is too long for a record.`);
  return { text: `{${members}}`, dropped };
};

const isOurs = (key: string): boolean => key.startsWith("lifecycle.") || key === "error.type";

const goneText = (attributes: Attributes, then: Attributes): string | undefined => {
  const gone = Object.keys(then).filter((name) => !Object.hasOwn(attributes, name));
  return gone.length === 0 ? undefined : JSON.stringify(gone);
};
