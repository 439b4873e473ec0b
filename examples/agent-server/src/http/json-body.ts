import type { IncomingMessage } from "node:http";

const MAX_BYTES = 1_000_000;

/** Reads a JSON object from a request. Throws when it is too large or is not one. */
export const readJsonBody = async (
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>>> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new RangeError(`expected at most ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new TypeError("expected a JSON object");
  }
  return { ...body };
};
