import { constants } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** A part of a segment that ends with a line, or with the file. */
export interface Piece {
  /** Holds until the next one is asked for. */
  readonly bytes: Buffer;
  /** Where in the file it begins. */
  readonly at: number;
}

/** The paths of a journal's segments, in the order in which they are read. */
export const segmentsOf = async (path: string): Promise<readonly string[]> => {
  const names = (await readdir(path)).filter((name) => SEGMENT.test(name));
  return names.sort(byNumber).map((name) => join(path, name));
};

/**
 * Opens a file that somebody may have replaced: undefined where it is a link, a pipe or anything but
 * a regular file, or is not there.
 */
export const openRegular = async (path: string): Promise<FileHandle | undefined> => {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
  } catch {
    // As if it were not there.
  }
  await file?.close();
  return undefined;
};

/**
 * A file in pieces of at most 1 MiB, up to 64 MiB of it: no segment is as long. What is longer is
 * cut there, as torn.
 */
export async function* piecesOf(file: FileHandle): AsyncGenerator<Piece> {
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let at = 0;
  let filled = 0;
  while (at + filled < MAX_SEGMENT_BYTES) {
    const { bytesRead } = await file.read(buffer, filled, PIECE_BYTES - filled, at + filled);
    filled += bytesRead;
    if (bytesRead === 0) break;
    const line = buffer.subarray(0, filled).lastIndexOf(LINE_FEED) + 1;
    // A line that fills a piece is none of ours.
    const end = line === 0 && filled === PIECE_BYTES ? filled : line;
    if (end === 0) continue;
    yield { bytes: buffer.subarray(0, end), at };
    buffer.copy(buffer, 0, end, filled);
    at += end;
    filled -= end;
  }
  if (filled > 0) yield { bytes: buffer.subarray(0, filled), at };
}

const PIECE_BYTES = 1024 * 1024;
const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;
const LINE_FEED = 10;
const SEGMENT = /^\d{8,15}\.log$/;

const byNumber = (one: string, other: string): number =>
  Number.parseInt(one, 10) - Number.parseInt(other, 10);
