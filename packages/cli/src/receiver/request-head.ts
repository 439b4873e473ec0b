import type { IncomingMessage } from "node:http";
import { type Refusal, refused } from "./answer.ts";
import { type Format, formatOf } from "./format.ts";

export const TRACES_PATH = "/v1/traces";

/** A request that may send its body, and how the body is written and packed. */
export interface AcceptedHead {
  readonly type: "accepted";
  readonly format: Format;
  readonly encoding: "identity" | "gzip";
}

/** Judges a request by its first line and headers alone, before any of its body is read. */
export function judgeHead(request: IncomingMessage, maxBodyBytes: number): AcceptedHead | Refusal {
  const path = request.url?.split("?", 1)[0];
  if (path !== TRACES_PATH)
    return refused(404, `nothing is here: traces go to POST ${TRACES_PATH}`);
  if (request.method !== "POST")
    return refused(405, `traces go to POST ${TRACES_PATH}`, { Allow: "POST" });
  const format = formatOf(request);
  if (format === undefined)
    return refused(415, "the Content-Type must be application/x-protobuf or application/json");
  return judgeLength(request, maxBodyBytes) ?? judgeEncoding(request, format);
}

function judgeLength({ headers }: IncomingMessage, maxBodyBytes: number): Refusal | undefined {
  // Node's parser lets only digits through; a body in chunks claims nothing and is counted later.
  const claimed = Number(headers["content-length"] ?? 0);
  return claimed > maxBodyBytes ? tooLarge(maxBodyBytes) : undefined;
}

function judgeEncoding({ headers }: IncomingMessage, format: Format): AcceptedHead | Refusal {
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "gzip") return { type: "accepted", format, encoding };
  // RFC 9110, 15.5.16: a 415 for a coding names those that would have been understood.
  return refused(415, "the Content-Encoding must be gzip or identity", {
    "Accept-Encoding": "gzip, identity",
  });
}

export function tooLarge(maxBodyBytes: number): Refusal {
  return refused(
    413,
    `the body is larger than ${maxBodyBytes} bytes; lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE`,
  );
}
