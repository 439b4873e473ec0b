import { readdirSync, renameSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { guarded, reportFailure } from "@otel-lifecycle/api/internal";
import { isId, isSegment, OLD, TAKEN } from "./names.ts";
import { isFolder, journalsIn, raise } from "./taken.ts";

/** Removes a journal that was taken over. Never throws. */
export const removeTaken = (path: string): void => {
  guarded(WHAT, () => {
    const old = setAside(path);
    if (old !== undefined) rmSync(old, ALL);
  });
};

/**
 * The same once all of it is exported, and off the thread: to delete a segment that is not on the
 * disk yet takes a system up to 7 ms. Never rejects.
 */
export const removeRecovered = async (path: string): Promise<void> => {
  const old = guarded(WHAT, () => setAside(path));
  if (old === undefined) return;
  try {
    await rm(old, ALL);
  } catch (error) {
    // Whoever takes over next finishes it.
    reportFailure(WHAT, error);
  }
};

/** Gives a journal that was taken over the name of one that is being removed, and gives that. */
const setAside = (path: string): string | undefined => {
  const taken = dirname(path);
  const own = dirname(taken);
  if (!isId(basename(path)) || basename(taken) !== TAKEN || !isId(basename(own))) return undefined;
  // What could not be moved up when it was taken over is nobody's to delete.
  if (!raise(path, taken) || !isFolder(path)) return undefined;
  const old = join(dirname(own), OLD + basename(path));
  renameSync(path, old);
  return old;
};

/** True once all of the folder is gone; false if journals that were taken over are still in it. */
export const removeOwn = (path: string, old: string): boolean => {
  if (journalsIn(join(path, TAKEN)).length === 0) {
    remove(path, old);
    return true;
  }
  // From the oldest on, as in the format: what is left if the process is killed meanwhile can be read.
  for (const name of readdirSync(path).filter(isSegment).sort())
    rmSync(join(path, name), { force: true });
  return false;
};

/** Under another name first, because a journal half of which is gone would tell another story. */
const remove = (path: string, old: string): void => {
  if (!isFolder(path)) return;
  renameSync(path, old);
  rmSync(old, ALL);
};

/** Links are removed, and not followed. */
const ALL = { recursive: true, force: true } as const;
const WHAT = "journal folder";
