/**
 * A 64-bit or floating number as proto3's JSON mapping permits it: a number, or a string with
 * one. Undefined for what is not finite.
 */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** Nanoseconds since the epoch from a fixed64 field; 0 where it is absent or senseless. */
export function nanosOf(value: unknown): bigint {
  // Digits never pass through a double: two spans a few nanoseconds apart would become one time.
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return BigInt(value);
  const number = numberOf(value) ?? 0;
  return number > 0 && number < 2 ** 64 ? BigInt(Math.trunc(number)) : 0n;
}

/**
 * A trace or span id of `bytes` bytes in lower-case hex; undefined where it is none, or all zero.
 * OTLP writes ids in hex of either case. Tempo's API and generic protobuf printers write base64,
 * as proto3 does for bytes, and the length tells the two apart.
 */
export function hexIdOf(value: unknown, bytes: number): string | undefined {
  if (typeof value !== "string") return undefined;
  const isBase64 = value.length === Math.ceil(bytes / 3) * 4;
  const hex = isBase64 ? Buffer.from(value, "base64").toString("hex") : value.toLowerCase();
  return hex.length === bytes * 2 && /^[0-9a-f]+$/.test(hex) && /[^0]/.test(hex) ? hex : undefined;
}
