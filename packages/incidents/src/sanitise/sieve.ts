import { copyOf } from "./copy-of.ts";
import { REDACTED } from "./name.ts";

type Allowed<T> = (value: unknown) => value is T;

/** Lets through what is allowed, and remembers the names of the fields that were not. */
export interface Sieve {
  /** The string if it is allowed, `redacted` for anything else that was given. */
  text(field: string, value: unknown, isAllowed: Allowed<string>): string | undefined;
  /** The value if it is allowed, else nothing. */
  pick<T>(field: string, value: unknown, isAllowed: Allowed<T>): T | undefined;
  /** Something of this field was withheld. */
  withhold(field: string): void;
  /** The fields of which something was withheld, sorted. */
  redactions(): readonly string[];
}

export const createSieve = (): Sieve => {
  // Made with the first, because of nearly all nothing is withheld.
  let withheld: Set<string> | undefined;
  const withhold = (field: string): void => {
    withheld ??= new Set();
    withheld.add(field);
  };
  const pick = <T>(field: string, value: unknown, isAllowed: Allowed<T>): T | undefined => {
    if (value === undefined || value === null) return undefined;
    if (isAllowed(value)) return value;
    withhold(field);
    return undefined;
  };
  return {
    pick,
    text(field, value, isAllowed) {
      // What was withheld once, in an earlier record of the same, stays named.
      if (value === REDACTED) withhold(field);
      const text = pick(field, value, isAllowed);
      if (text !== undefined) return copyOf(text);
      return value === undefined || value === null ? undefined : REDACTED;
    },
    withhold,
    redactions: () => (withheld === undefined ? [] : [...withheld].sort()),
  };
};

/** Reads a field of something hostile, whose getters may throw. */
export const fieldOf = (of: unknown, field: string): unknown => {
  if (typeof of !== "object" || of === null) return undefined;
  try {
    return (of as Record<string, unknown>)[field];
  } catch {
    return undefined;
  }
};

/** The same without what is undefined, because an absent field is how unknown is told. */
export const present = <T extends object>(fields: { [F in keyof T]: T[F] | undefined }): T => {
  const left: Partial<T> = {};
  for (const field in fields) if (fields[field] !== undefined) left[field] = fields[field];
  // What is left of each field has the type of that field.
  return left as T;
};
