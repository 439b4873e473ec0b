import { fieldOf, isJsonObject, type JsonObject } from "./json-field.ts";
import { numberOf } from "./scalar.ts";

/** As JSON would have it. */
export type PlainValue =
  | string
  | number
  | boolean
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

// An incident has maps in lists in maps, five deep; what is deeper is none, and is left out.
const DEEPEST = 16;

/**
 * What an OTLP AnyValue holds, maps and lists included, as JSON would have it. Undefined for what
 * has no place there: bytes, numbers that are not finite, more than 16 levels. Of a key that comes
 * twice the last is kept. Integers beyond 2^53 lose their last digits.
 */
export function plainValueOf(anyValue: unknown, depth = 1): PlainValue | undefined {
  if (!isJsonObject(anyValue) || depth > DEEPEST) return undefined;
  const text = fieldOf(anyValue, "stringValue");
  if (typeof text === "string") return text;
  const truth = fieldOf(anyValue, "boolValue");
  if (typeof truth === "boolean") return truth;
  const list = fieldOf(anyValue, "arrayValue");
  if (isJsonObject(list)) return valuesOf(list).flatMap((value) => plainList(value, depth));
  const map = fieldOf(anyValue, "kvlistValue");
  if (isJsonObject(map)) return plainMap(map, depth);
  return numberOf(fieldOf(anyValue, "intValue") ?? fieldOf(anyValue, "doubleValue"));
}

function plainList(value: unknown, depth: number): readonly PlainValue[] {
  const plain = plainValueOf(value, depth + 1);
  return plain === undefined ? [] : [plain];
}

function plainMap(map: JsonObject, depth: number): PlainValue {
  const entries = valuesOf(map).flatMap((entry) => {
    const key = isJsonObject(entry) ? fieldOf(entry, "key") : undefined;
    if (!isJsonObject(entry) || typeof key !== "string") return [];
    const value = plainValueOf(fieldOf(entry, "value"), depth + 1);
    return value === undefined ? [] : [[key, value] as const];
  });
  // It defines its keys: "__proto__" becomes one like all others.
  return Object.fromEntries(entries);
}

function valuesOf(holder: JsonObject): readonly unknown[] {
  const values = fieldOf(holder, "values");
  return Array.isArray(values) ? values : [];
}
