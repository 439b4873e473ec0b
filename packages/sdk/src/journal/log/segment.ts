import { constants, openSync } from "node:fs";
import { join } from "node:path";

/** A file of the log. */
export interface Segment {
  /** From 1. */
  readonly index: number;
  readonly path: string;
  /** What is in it, in bytes, and what of that is no head. */
  bytes: number;
  payload: number;
  /** How much payload it may take. */
  room: number;
  /** How many spans that count have records in it. */
  spans: number;
}

/** The segment with this number, of which there is no file yet. */
export const newSegment = (directory: string, index: number, room: number): Segment => ({
  index,
  path: join(directory, `${String(index).padStart(8, "0")}.log`),
  bytes: 0,
  payload: 0,
  room,
  spans: 0,
});

/**
 * Makes its file, and gives the descriptor; undefined if the process has none left for now.
 *
 * @throws what else the system says, also where there is something of that name.
 */
export const createSegment = ({ path }: Segment): number | undefined => {
  try {
    return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  } catch (error) {
    if (isShortOfDescriptors(error)) return undefined;
    throw error;
  }
};

/** The application has used up its descriptors, or the host has: nothing is wrong with the journal. */
export const isShortOfDescriptors = (error: unknown): boolean => {
  const { code } = Object(error) as { readonly code?: unknown };
  return code === "EMFILE" || code === "ENFILE";
};

const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
