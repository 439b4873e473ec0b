import type { IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";
import { type JsonObject, NotOtlpError } from "../otlp/json-field.ts";
import { decodeRequest } from "../otlp/protobuf-request.ts";
import type { Signal } from "../otlp/signal.ts";
import { type Refusal, refused } from "./answer.ts";
import type { Share } from "./bytes-in-flight.ts";
import { notOtlp } from "./not-otlp.ts";
import { type AcceptedHead, tooLarge } from "./request-head.ts";

/** A request's body: the text of JSON, what protobuf was decoded to, or why there is none. */
export type Body =
  | { readonly type: "whole"; readonly request: string | JsonObject }
  | Refusal
  /** The connection broke; there is nobody to answer. */
  | { readonly type: "gone" };

type Bytes =
  | { readonly type: "bytes"; readonly bytes: Buffer }
  | Refusal
  | { readonly type: "gone" };

/** What bounds a body: its own limit, and what is left of the one that all requests share. */
export interface BodyBounds {
  readonly maxBodyBytes: number;
  readonly share: Share;
}

/** Those of a body whose signal is known, which its refusal speaks of. */
interface SignalBounds extends BodyBounds {
  readonly signal: Signal;
}

/** Reads a body to its end. Neither as sent nor decompressed does it become larger than its bounds. */
export async function readBody(
  request: IncomingMessage,
  head: AcceptedHead,
  bodyBounds: BodyBounds,
): Promise<Body> {
  const { signal, encoding, format } = head;
  const bounds = { ...bodyBounds, signal };
  const sent = await receive(request, bounds);
  if (sent.type !== "bytes") return sent;
  const body = encoding === "gzip" ? await decompress(sent.bytes, bounds) : sent;
  if (body.type !== "bytes") return body;
  return format === "json" ? decodeText(body.bytes) : decodeProtobuf(body.bytes, signal);
}

// Events, not `for await`: leaving such a loop early destroys the socket, and with it the answer.
function receive(request: IncomingMessage, bounds: SignalBounds): Promise<Bytes> {
  return new Promise((resolve) => {
    const chunks = createChunks(bounds);
    request.on("data", function take(chunk: Buffer) {
      const refusal = chunks.add(chunk);
      if (refusal === undefined) return;
      // What still comes is dropped: the stream goes on flowing.
      request.off("data", take);
      resolve(refusal);
    });
    request.once("end", () => resolve(chunks.whole()));
    request.once("error", () => resolve({ type: "gone" }));
    request.once("close", () => resolve({ type: "gone" }));
  });
}

async function decompress(sent: Buffer, bounds: SignalBounds): Promise<Bytes> {
  const chunks = createChunks(bounds);
  const unpacked: AsyncIterable<Buffer> = createGunzip().end(sent);
  try {
    for await (const chunk of unpacked) {
      const refusal = chunks.add(chunk);
      if (refusal !== undefined) return refusal;
    }
    return chunks.whole();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "Z_BUF_ERROR") return refused(400, "the gzip body is cut off before its end");
    return refused(400, "the body is not valid gzip");
  }
}

interface Chunks {
  /** Keeps a chunk; if it is one too many, lets go of all of them and says why. */
  readonly add: (chunk: Buffer) => Refusal | undefined;
  readonly whole: () => Bytes;
}

function createChunks({ maxBodyBytes, share, signal }: SignalBounds): Chunks {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    add: (chunk) => {
      length += chunk.length;
      const refusal =
        length > maxBodyBytes ? tooLarge(signal, maxBodyBytes) : share.add(chunk.length);
      if (refusal === undefined) chunks.push(chunk);
      else chunks.length = 0;
      return refusal;
    },
    whole: () => ({ type: "bytes", bytes: Buffer.concat(chunks) }),
  };
}

function decodeText(bytes: Buffer): Body {
  try {
    return { type: "whole", request: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return refused(400, "the body is not valid UTF-8");
  }
}

function decodeProtobuf(bytes: Buffer, signal: Signal): Body {
  try {
    return { type: "whole", request: decodeRequest(bytes, signal) };
  } catch (error) {
    if (error instanceof NotOtlpError) return notOtlp(signal, error.message);
    throw error;
  }
}
