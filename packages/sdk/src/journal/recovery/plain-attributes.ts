import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { isObject } from "./body-forms.ts";

/** Attributes as they are exported, and how many were none. */
export interface PlainAttributes {
  readonly attributes: Attributes;
  readonly dropped: number;
}

/** What of a body's attributes are ones: strings, numbers, booleans, and lists of them. */
export const plainAttributes = (given: unknown): PlainAttributes => {
  if (!isObject(given)) return { attributes: {}, dropped: given === undefined ? 0 : 1 };
  const wrong = Object.keys(given).filter((key) => !isAttribute(key, given[key]));
  // Nearly always, and there is no need for a copy then.
  if (wrong.length === 0) return { attributes: given as Attributes, dropped: 0 };
  const plain = Object.entries(given).filter(([key]) => !wrong.includes(key));
  return { attributes: Object.fromEntries(plain) as Attributes, dropped: wrong.length };
};

const isAttribute = (key: string, value: unknown): value is AttributeValue =>
  // A key that would be no attribute of the copies that exporters make.
  key !== "__proto__" && (isPlain(value) || (Array.isArray(value) && value.every(isElement)));

const isPlain = (value: unknown): boolean => {
  const type = typeof value;
  return type === "string" || type === "boolean" || (type === "number" && Number.isFinite(value));
};

const isElement = (value: unknown): boolean => value === null || isPlain(value);
