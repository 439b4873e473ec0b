import { closeSync, constants, openSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";

/** Bytes on their way to a file, and how many of them are there. */
export interface Chunk {
  readonly bytes: Buffer;
  written: number;
}

/** `held`: it is a pipe that is full, or that nobody reads yet. */
export type Appended = "done" | "held";

// Not blocking, because to open a pipe that nobody reads would hold a thread of the pool for good,
// and with it the end of the process. It changes nothing for files.
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** For who made the file and nobody else: incidents name tools, errors and operations. */
const MODE = 0o600;

/** Appends what is left of a chunk. Rejects with the system's error. */
export const append = async (path: string, chunk: Chunk): Promise<Appended> => {
  try {
    // Opened each time, so that a file that was rotated away is made again.
    const file = await open(path, FLAGS, MODE);
    try {
      while (chunk.written < chunk.bytes.length) {
        const { bytesWritten } = await file.write(chunk.bytes, chunk.written);
        chunk.written += bytesWritten;
      }
    } finally {
      await file.close();
    }
    return "done";
  } catch (error) {
    if (isHeld(error)) return "held";
    throw error;
  }
};

/** The same before it returns: for the end of the process. */
export const appendNow = (path: string, chunk: Chunk): void => {
  const file = openSync(path, FLAGS, MODE);
  try {
    while (chunk.written < chunk.bytes.length) {
      chunk.written += writeSync(file, chunk.bytes, chunk.written);
    }
  } finally {
    closeSync(file);
  }
};

const isHeld = (error: unknown): boolean => {
  const { code } = Object(error) as { readonly code?: unknown };
  return code === "EAGAIN" || code === "ENXIO";
};
