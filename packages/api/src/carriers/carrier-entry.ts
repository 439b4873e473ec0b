import { guarded, noteBounded } from "../diagnostics.ts";

/** Ours have at most 194 characters; a `traceparent` of a later version may grow. */
const MAX_LENGTH = 256;

/**
 * What `parse` makes of a carrier's entry, in plain objects, Node's headers, and whatever has a
 * `get` as `Headers` and `Map` do. What is inherited is not read, because it came with no message.
 * What does not fit is dropped and counted.
 */
export const parseEntry = <T>(
  carrier: object,
  name: string,
  parse: (value: string) => T | undefined,
): T | undefined =>
  // Getters and proxies may throw.
  guarded("carrier", () => {
    const value = single(entryOf(carrier, name));
    if (value === undefined || value === null) return undefined;
    const fits = typeof value === "string" && value.length <= MAX_LENGTH;
    const parsed = fits ? parse(value) : undefined;
    if (parsed === undefined) {
      noteBounded(`carrier ${name}`, "expected one value, as `inject` writes it, dropped.");
    }
    return parsed;
  });

const entryOf = (carrier: object, name: string): unknown => {
  if (Object.hasOwn(carrier, name)) return (carrier as Readonly<Record<string, unknown>>)[name];
  const { get } = carrier as { readonly get?: unknown };
  return typeof get === "function" ? get.call(carrier, name) : undefined;
};

// Of several values none is taken: W3C says so of `traceparent`, and nobody says which is meant.
const single = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 ? value[0] : value;
