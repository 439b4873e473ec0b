import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { type Format, formatOf } from "./format.ts";
import { exportResponse, type Message, type PartialSuccess, statusMessage } from "./message.ts";

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

/** The body that says why; to a sender of neither encoding in JSON, which people read. */
export function refusalMessage(refusal: Refusal, format: Format = "json"): Message {
  return statusMessage(STATUS_CODES[refusal.status] ?? UNKNOWN, refusal.message, format);
}

export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, headers } = refusal;
  send(response, { status, headers, message: refusalMessage(refusal, formatOf(request)) });
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
export function accept(response: ServerResponse, partial: PartialSuccess): void {
  const message = exportResponse(partial, formatOf(response.req) ?? "json");
  send(response, { status: 200, headers: {}, message });
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders | undefined;
  readonly message: Message;
}

function send(response: ServerResponse, { status, headers, message }: Answer): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    ...headers,
    "Content-Type": message.mediaType,
    "Content-Length": message.bytes.length,
  });
  response.end(message.bytes);
}
