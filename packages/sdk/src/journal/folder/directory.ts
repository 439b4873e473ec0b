import { chmodSync, existsSync, lstatSync, mkdirSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import { ALIVE, NEW, newId } from "./names.ts";

/**
 * Makes the directory of the journals if it is not there. What is wrong with it, and what to do;
 * undefined if nothing is.
 */
export const refusalOf = (directory: string, uid: number): string | undefined => {
  if (uid < 0)
    return "there are no users here. Journals need Unix sockets: leave it out on Windows";
  const bytes = Buffer.byteLength(join(directory, NEW + newId(), ALIVE));
  if (bytes > MAX_SOCKET_BYTES) {
    return `a socket's path in it has ${bytes} bytes, and at most ${MAX_SOCKET_BYTES} are possible. Give a shorter path`;
  }
  try {
    return flawOf(statOf(directory), uid);
  } catch (error) {
    return `it cannot be made or looked at (${codeOf(error)}). Give one in which this user may write`;
  }
};

/** The code of an error of the system, or its name. */
export const codeOf = (error: unknown): string =>
  error instanceof Error ? String(("code" in error && error.code) || error.name) : typeof error;

const statOf = (directory: string): Stats => {
  const found = lstatSync(directory, { throwIfNoEntry: false });
  if (found !== undefined) return found;
  makeWithParents(directory);
  // Whatever the umask.
  chmodSync(directory, 0o700);
  return lstatSync(directory);
};

/**
 * Not with mkdirSync's `recursive`, because that tries for ever where the system says ENOENT though
 * all above is there: in /proc, or below an automounter.
 */
const makeWithParents = (directory: string): void => {
  const above = dirname(directory);
  if (!existsSync(above)) makeWithParents(above);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (codeOf(error) !== "EEXIST") throw error;
  }
};

const flawOf = (stat: Stats, uid: number): string | undefined => {
  if (stat.isSymbolicLink()) return "it is a symbolic link. Give the path to which it leads";
  if (!stat.isDirectory()) return "it is no directory. Give another path";
  if (stat.uid !== uid) {
    return `user ${stat.uid} owns it, and this process is user ${uid}. Give one of this user's, or one that is not there yet`;
  }
  if ((stat.mode & OTHERS_WRITE) === 0) return undefined;
  const mode = (stat.mode & 0o7777).toString(8);
  return `others may write in it (mode ${mode}). Give one that is not there yet, or take that right away: chmod 700`;
};

/** Node cuts the path of a socket at 103 to 107, by the system, and says nothing. */
const MAX_SOCKET_BYTES = 100;
const OTHERS_WRITE = 0o022;
