import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type Refusal, refused } from "./answer.ts";
import { type AcceptedHead, tooLarge } from "./request-head.ts";

/** A request's body, or why there is none. */
export type Body =
  | { readonly type: "text"; readonly text: string }
  | Refusal
  /** The connection broke; there is nobody to answer. */
  | { readonly type: "gone" };

type Bytes =
  | { readonly type: "bytes"; readonly bytes: Buffer }
  | Refusal
  | { readonly type: "gone" };

const inflate = promisify(gunzip);

/** Reads a body to its end. Neither as sent nor decompressed does it become larger than the limit. */
export async function readBody(
  request: IncomingMessage,
  head: AcceptedHead,
  maxBodyBytes: number,
): Promise<Body> {
  const sent = await receive(request, maxBodyBytes);
  if (sent.type !== "bytes") return sent;
  const body = head.encoding === "gzip" ? await decompress(sent.bytes, maxBodyBytes) : sent;
  return body.type === "bytes" ? decode(body.bytes) : body;
}

// Events, not `for await`: leaving such a loop early destroys the socket, and with it the answer.
function receive(request: IncomingMessage, maxBodyBytes: number): Promise<Bytes> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBodyBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve(tooLarge(maxBodyBytes));
    });
    request.once("end", () => resolve({ type: "bytes", bytes: Buffer.concat(chunks) }));
    request.once("error", () => resolve({ type: "gone" }));
    request.once("close", () => resolve({ type: "gone" }));
  });
}

async function decompress(bytes: Buffer, maxBodyBytes: number): Promise<Bytes> {
  try {
    return { type: "bytes", bytes: await inflate(bytes, { maxOutputLength: maxBodyBytes }) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ERR_BUFFER_TOO_LARGE") return tooLarge(maxBodyBytes);
    if (code === "Z_BUF_ERROR") return refused(400, "the gzip body is cut off before its end");
    return refused(400, "the body is not valid gzip");
  }
}

function decode(bytes: Buffer): Body {
  try {
    return { type: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return refused(400, "the body is not valid UTF-8");
  }
}
