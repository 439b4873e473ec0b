import { lstatSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { isId, TAKEN } from "./names.ts";

/** The names of the journals in a folder; none if it is not there, or is a link to another. */
export const journalsIn = (folder: string): readonly string[] =>
  isFolder(folder)
    ? readdirSync(folder).filter((name) => isId(name) && isFolder(join(folder, name)))
    : [];

/**
 * Moves what the journal at `path` had taken over up into `taken`, and what that had in its turn, so
 * that nothing lies deeper than in `taken`. False if some of it stays where it is.
 */
export const raise = (path: string, taken: string): boolean => {
  const nested = join(path, TAKEN);
  let isDone = true;
  for (const name of journalsIn(nested)) {
    const to = join(taken, name);
    isDone = move(join(nested, name), to) && raise(to, taken) && isDone;
  }
  return isDone;
};

/** True for a directory that is no link. */
export const isFolder = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const move = (from: string, to: string): boolean => {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
};
