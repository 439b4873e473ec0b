import type { IncomingMessage } from "node:http";
import type { Signal } from "../otlp/signal.ts";
import { type Refusal, refused } from "./answer.ts";
import { type Format, formatOf } from "./format.ts";

export const TRACES_PATH = "/v1/traces";
const LOGS_PATH = "/v1/logs";

const SIGNALS: ReadonlyMap<string | undefined, Signal> = new Map([
  [TRACES_PATH, "traces"],
  [LOGS_PATH, "logs"],
]);

/** A request that may send its body, what that holds, and how it is written and packed. */
export interface AcceptedHead {
  readonly type: "accepted";
  readonly signal: Signal;
  readonly format: Format;
  readonly encoding: "identity" | "gzip";
}

/** Judges a request by its first line and headers alone, before any of its body is read. */
export function judgeHead(request: IncomingMessage, maxBodyBytes: number): AcceptedHead | Refusal {
  const path = request.url?.split("?", 1)[0];
  const signal = SIGNALS.get(path);
  if (signal === undefined)
    return refused(
      404,
      `nothing is here: traces go to POST ${TRACES_PATH}, logs to POST ${LOGS_PATH}`,
    );
  if (request.method !== "POST")
    return refused(405, `${signal} go to POST ${path}`, { Allow: "POST" });
  const format = formatOf(request);
  if (format === undefined)
    return refused(415, "the Content-Type must be application/x-protobuf or application/json");
  // Node's parser lets only digits through; a body in chunks claims nothing and is counted later.
  const claimed = Number(request.headers["content-length"] ?? 0);
  if (claimed > maxBodyBytes) return tooLarge(signal, maxBodyBytes);
  return judgeEncoding(request, { signal, format });
}

function judgeEncoding(
  { headers }: IncomingMessage,
  body: Pick<AcceptedHead, "signal" | "format">,
): AcceptedHead | Refusal {
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "gzip")
    return { type: "accepted", ...body, encoding };
  // RFC 9110, 15.5.16: a 415 for a coding names those that would have been understood.
  return refused(415, "the Content-Encoding must be gzip or identity", {
    "Accept-Encoding": "gzip, identity",
  });
}

// What sets how much the SDKs send in one request.
const BATCH_SIZES: Readonly<Record<Signal, string>> = {
  traces: "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
  logs: "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
};

export function tooLarge(signal: Signal, maxBodyBytes: number): Refusal {
  return refused(
    413,
    `the body is larger than ${maxBodyBytes} bytes; lower ${BATCH_SIZES[signal]}`,
  );
}
