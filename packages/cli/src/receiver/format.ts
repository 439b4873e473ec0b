import type { IncomingMessage } from "node:http";

/** OTLP/HTTP's two encodings. */
export type Format = "json" | "protobuf";

/** The media types of OTLP/HTTP, "Binary Protobuf Encoding" and "JSON Protobuf Encoding". */
export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  json: "application/json",
  protobuf: "application/x-protobuf",
};

/** The encoding that a request says its body has; undefined where it is neither of OTLP's. */
export function formatOf({ headers }: IncomingMessage): Format | undefined {
  const mediaType = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType === MEDIA_TYPES.json) return "json";
  return mediaType === MEDIA_TYPES.protobuf ? "protobuf" : undefined;
}
