import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";

/** An answer that is not the success of a whole request. */
export interface Refusal {
  readonly type: "refused";
  readonly status: number;
  readonly message: string;
  readonly headers?: OutgoingHttpHeaders;
}

// google.rpc.Code of each HTTP status, as OTLP/HTTP's Status carries it in `code`.
const STATUS_CODES: Readonly<Record<number, number>> = {
  400: 3, // INVALID_ARGUMENT
  404: 5, // NOT_FOUND
  405: 12, // UNIMPLEMENTED
  408: 4, // DEADLINE_EXCEEDED
  413: 8, // RESOURCE_EXHAUSTED
  415: 3,
  431: 8,
  503: 14, // UNAVAILABLE
};
const UNKNOWN = 2;

// How long a client that was refused early may go on sending before it is cut off.
const LINGER_MS = 1000;

export function refused(
  status: number,
  message: string,
  headers: OutgoingHttpHeaders = {},
): Refusal {
  return { type: "refused", status, message, headers };
}

/** The `Status` message of OTLP/HTTP, "Failures", in JSON. */
export function statusBody({ status, message }: Refusal): string {
  return JSON.stringify({ code: STATUS_CODES[status] ?? UNKNOWN, message });
}

export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  send(response, refusal.status, statusBody(refusal), refusal.headers);
  if (request.complete) return;
  // RFC 9112, 9.6: closing both ways at once would reset the connection, and a client that is
  // still sending would see the reset instead of the answer. What it sends is dropped unread.
  response.once("finish", () => request.socket.end());
  request.resume();
  const cutOff = setTimeout(() => request.destroy(), LINGER_MS).unref();
  request.once("close", () => clearTimeout(cutOff));
}

/**
 * An ExportTraceServiceResponse. Spans that were not kept make it a partial success (OTLP/HTTP,
 * "Partial Success"), which a sender reports and does not retry.
 */
export function accept(
  response: ServerResponse,
  rejectedSpans: number,
  errorMessage: string,
): void {
  const isWhole = rejectedSpans === 0;
  // An int64 is a string in proto3's JSON.
  const body = isWhole
    ? {}
    : { partialSuccess: { rejectedSpans: String(rejectedSpans), errorMessage } };
  send(response, 200, JSON.stringify(body));
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: OutgoingHttpHeaders = {},
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    ...headers,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}
