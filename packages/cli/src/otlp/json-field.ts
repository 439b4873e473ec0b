/** A JSON object from outside: each of its fields may be anything. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What stands in the way of reading a value as an OTLP trace request; the message says where. */
export class NotOtlpError extends Error {
  override readonly name: string = "NotOtlpError";
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A field by its lowerCamelCase name, or by its name in the .proto file, which proto3's JSON
 * mapping has parsers accept as well. `null` is absence there.
 */
export function fieldOf(object: JsonObject, name: string): unknown {
  return object[name] ?? object[protoName(name)] ?? undefined;
}

/** A repeated field's objects; absent is empty. Throws {@link NotOtlpError} for anything else. */
export function objectsOf(object: JsonObject, name: string): readonly JsonObject[] {
  const list = fieldOf(object, name) ?? [];
  if (!Array.isArray(list)) throw new NotOtlpError(`${name} is not a list`);
  if (!list.every(isJsonObject))
    throw new NotOtlpError(`${name} holds something that is not an object`);
  return list;
}

function protoName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
