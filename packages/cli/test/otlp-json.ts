/**
 * What OTLP's JSON says, apart from how it is said: absent is the same as empty, and a 64-bit
 * integer the same in a string. The SDK's JSON leaves lists empty and writes its integers as
 * numbers, NaN and the infinities as null, and a resource's schema URL a second time inside it.
 */
export function saidBy(json: unknown, name = ""): unknown {
  if (Array.isArray(json)) return json.map((item) => saidBy(item));
  if (name === "intValue") return Number(json);
  if (name === "doubleValue") return Number.isFinite(json) ? json : "not finite";
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key, value]) => !isUnsaid(key, value))
      .filter(([key]) => !(name === "resource" && key === "schemaUrl"))
      .map(([key, value]) => [key, saidBy(value, key)]),
  );
}

function isUnsaid(key: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === (key === "droppedAttributesCount" ? 0 : "");
}
