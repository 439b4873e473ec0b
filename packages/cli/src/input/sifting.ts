import { type JsonPiece, jsonPiecesOf } from "./json-pieces.ts";
import { linesOf } from "./lines.ts";

/** What in an input is of no use: how many lines, the first of them (from 1), and why. */
export interface Junk {
  readonly lines: number;
  readonly line: number;
  readonly reason: string;
}

/** How an input was taken. */
export interface Sifted {
  /** How many objects were taken. */
  readonly requests: number;
  readonly junk: Junk | undefined;
}

/**
 * Gives the text of each outermost object of a byte stream to `take`, holding one at a time; `take`
 * answers why it is of no use, or nothing.
 */
export async function siftObjects(
  bytes: AsyncIterable<Uint8Array>,
  take: (text: string) => string | undefined,
): Promise<Sifted> {
  let requests = 0;
  let junk: Junk | undefined;
  const leaveOut = ({ line, lines }: JsonPiece, reason: string): void => {
    junk = { line, reason, ...junk, lines: (junk?.lines ?? 0) + lines };
  };
  for await (const piece of jsonPiecesOf(linesOf(bytes))) {
    const reason = piece.type === "junk" ? "it is not valid JSON" : take(piece.text);
    if (reason === undefined) requests += 1;
    else leaveOut(piece, reason);
  }
  return { requests, junk };
}
