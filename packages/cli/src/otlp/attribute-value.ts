import { fieldOf, isJsonObject, type JsonObject } from "./json-field.ts";
import { numberOf } from "./scalar.ts";

/** The kinds of value that the `lifecycle.*` conventions use. */
export type AttributeValue = string | number | boolean | readonly string[];

/**
 * The plain value in an OTLP AnyValue. Undefined for the kinds that no `lifecycle.*` attribute
 * has: maps, bytes, numbers that are not finite.
 */
export function attributeValueOf(anyValue: unknown): AttributeValue | undefined {
  if (!isJsonObject(anyValue)) return undefined;
  const text = fieldOf(anyValue, "stringValue");
  if (typeof text === "string") return text;
  const truth = fieldOf(anyValue, "boolValue");
  if (typeof truth === "boolean") return truth;
  const list = fieldOf(anyValue, "arrayValue");
  if (isJsonObject(list)) return stringsOf(list);
  return numberOf(fieldOf(anyValue, "intValue") ?? fieldOf(anyValue, "doubleValue"));
}

function stringsOf(arrayValue: JsonObject): readonly string[] {
  const values = fieldOf(arrayValue, "values");
  if (!Array.isArray(values)) return [];
  return values
    .map((value: unknown) => (isJsonObject(value) ? fieldOf(value, "stringValue") : undefined))
    .filter((text) => typeof text === "string");
}
