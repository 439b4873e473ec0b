import { close, fdatasync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Tape } from "./tape.ts";

/** Forces to the disk what was written; one at a time, in the background. */
export interface Syncing {
  /** Syncs and closes the descriptor of a segment that is written no more. */
  finish(fd: number): void;
  stop(): void;
}

/** Syncs the tape at most once per `intervalMs`, where something was written since. */
export const startSyncing = (tape: Tape, intervalMs: number): Syncing => {
  const before: number[] = [];
  let seen = { written: 0, path: "" };
  let isBusy = false;
  const turn = async (): Promise<void> => {
    const { fd, written, newest } = tape;
    const last = seen;
    seen = { written, path: newest.path };
    for (let one = before.shift(); one !== undefined; one = before.shift()) await syncAndClose(one);
    if (written !== last.written && tape.fd === fd) await sync(fd);
    if (newest.path !== last.path) await syncDirectory(dirname(newest.path));
  };
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    turn()
      .catch((error: unknown) => tape.fail("a sync to the disk failed", error))
      .finally(() => (isBusy = false));
  }, intervalMs).unref();
  return {
    finish: (fd) => {
      before.push(fd);
      // A disk that is this far behind writes them when it can.
      if (before.length > MAX_BEHIND) closeQuietly(before.shift());
    },
    stop: () => {
      clearInterval(timer);
      for (const fd of before.splice(0)) closeQuietly(fd);
    },
  };
};

const MAX_BEHIND = 4;

const sync = (fd: number): Promise<void> =>
  new Promise((resolve, reject) => {
    fdatasync(fd, (error) => (error ? reject(error) : resolve()));
  });

const syncAndClose = async (fd: number): Promise<void> => {
  try {
    await sync(fd);
  } finally {
    closeQuietly(fd);
  }
};

/** Else a power loss may take a file of which only the content was synced. */
const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
};

const closeQuietly = (fd: number | undefined): void => {
  if (fd !== undefined) close(fd, () => undefined);
};
