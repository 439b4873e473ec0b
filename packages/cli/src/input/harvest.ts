import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { parseRequest } from "../otlp/request.ts";
import { type JsonPiece, jsonPiecesOf } from "./json-pieces.ts";
import { linesOf } from "./lines.ts";

/** What in an input is not OTLP: how many lines, the first of them (from 1), and why it is not. */
export interface Junk {
  readonly lines: number;
  readonly line: number;
  readonly reason: string;
}

/** What one input gave. */
export interface Harvest {
  readonly spans: readonly LifecycleSpan[];
  /** How many OTLP requests were read, of any signal. */
  readonly requests: number;
  /** How many spans with `lifecycle.*` attributes had no valid ids. */
  readonly rejected: number;
  readonly junk: Junk | undefined;
}

/** Reads OTLP JSON off a byte stream, holding one request at a time and the spans to keep. */
export async function readHarvest(bytes: AsyncIterable<Uint8Array>): Promise<Harvest> {
  const spans: LifecycleSpan[] = [];
  let requests = 0;
  let rejected = 0;
  let junk: Junk | undefined;
  const leaveOut = ({ line, lines }: JsonPiece, reason: string): void => {
    junk = { line, reason, ...junk, lines: (junk?.lines ?? 0) + lines };
  };
  for await (const piece of jsonPiecesOf(linesOf(bytes))) {
    if (piece.type === "junk") {
      leaveOut(piece, "it is not valid JSON");
      continue;
    }
    const request = parseRequest(piece.text);
    if (request.type === "not_otlp") {
      leaveOut(piece, request.reason);
      continue;
    }
    requests += 1;
    if (request.type === "other_signal") continue;
    // Not push(...spans): a request may hold more spans than a call may have arguments.
    for (const span of request.spans) spans.push(span);
    rejected += request.rejected;
  }
  return { spans, requests, rejected, junk };
}
