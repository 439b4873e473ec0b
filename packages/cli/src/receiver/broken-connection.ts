import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Refusal, refusalMessage, refused } from "./answer.ts";
import type { Format } from "./format.ts";

/** A connection that broke in the middle of a request, or before one. */
export interface BrokenConnection {
  readonly error: Error & { readonly code?: string };
  readonly socket: Duplex;
  /** That of the request whose head came last; undefined before there was one. */
  readonly format: Format | undefined;
}

/**
 * Answers what never became a whole HTTP request, and closes. It is written by hand because Node
 * makes no response object for such a connection.
 */
export function answerBroken({ error, socket, format }: BrokenConnection): void {
  // After a reset there is nobody to answer.
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(error.code);
  const { mediaType, bytes } = refusalMessage(refusal, format);
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}`,
    `Content-Type: ${mediaType}`,
    `Content-Length: ${bytes.length}`,
    "Connection: close",
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  socket.end(bytes, () => socket.destroy());
}

function refusalOf(code: string | undefined): Refusal {
  switch (code) {
    case "HPE_INVALID_EOF_STATE":
      return refused(400, "the request is cut off before its end");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return refused(408, "the request took too long to arrive");
    case "HPE_HEADER_OVERFLOW":
      return refused(431, "the headers are too large");
    default:
      return refused(400, "this is not an HTTP request");
  }
}
