import { lstatSync, mkdirSync, readdirSync, renameSync, type Stats } from "node:fs";
import { join } from "node:path";
import { NONE_LEFT } from "../recovery/none-left.ts";
import { createPace } from "../recovery/pace.ts";
import type { LeftReason } from "../recovery/recovery.ts";
import { isAlive } from "./alive.ts";
import type { JournalFolder } from "./folder.ts";
import { isId } from "./names.ts";
import { removeTaken } from "./remove.ts";
import { sweep } from "./sweep.ts";
import { isFolder, raise } from "./taken.ts";
import { whyLeft } from "./why-left.ts";
import { writerOf } from "./writer.ts";

export { removeRecovered, removeTaken } from "./remove.ts";

/** What was found, and what is ours now. */
export interface TakenOver {
  /**
   * Paths of journals under `taken` of the folder: those of now, and those that were in them. Each is
   * claimed, and is not given again before it is released.
   */
  readonly paths: readonly string[];
  /** How many were left alone, by why. */
  readonly left: Readonly<Record<LeftReason, number>>;
  /** False if it was stopped before all was looked at. */
  readonly isWhole: boolean;
}

/** Which journals. */
export interface TakeOverOptions {
  readonly pid?: number | undefined;
  readonly anyHost?: boolean | undefined;
  /** Stops before the next journal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes over every journal of the dead in the folder's directory, each of which has exactly one taker,
 * and finishes removals that others have begun. Never rejects.
 */
export const takeOver = async (
  folder: JournalFolder,
  options: TakeOverOptions = {},
): Promise<TakenOver> => {
  const left = { ...NONE_LEFT };
  let isWhole = true;
  for (const name of entriesOf(folder, left)) {
    isWhole = options.signal?.aborted !== true;
    if (!isWhole) break;
    const outcome = await outcomeOf(folder, name, options);
    if (outcome !== "taken" && outcome !== "gone") left[outcome] += 1;
  }
  return { paths: await claimIn(folder, left), left, isWhole };
};

type Outcome = LeftReason | "taken" | "gone";

const outcomeOf = async (
  folder: JournalFolder,
  name: string,
  options: TakeOverOptions,
): Promise<Outcome> => {
  try {
    if (name.startsWith(".")) return await sweep(folder, name);
    return await tryToTake(folder, name, options);
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
    // Another was first. Not so if it is our own folder that is gone.
    return isGone && isFolder(folder.path) ? "gone" : "failed";
  }
};

const tryToTake = async (
  folder: JournalFolder,
  name: string,
  options: TakeOverOptions,
): Promise<Outcome> => {
  if (name === folder.id) return "gone";
  const path = join(folder.directory, name);
  const stat = lstatSync(path);
  if (!isId(name) || !stat.isDirectory()) return "not_a_journal";
  if (stat.uid !== folder.uid) return "other_owner";
  if (await isAlive(path)) return "alive";
  return whyLeft(path, writerOf(path), options) ?? take(folder, name, stat);
};

/** In one turn, so that of two takeovers in this process none sees what the other has half done. */
const take = (folder: JournalFolder, name: string, checked: Stats): Outcome => {
  const from = join(folder.directory, name);
  const to = join(folder.taken, name);
  if (!isFolder(folder.taken)) mkdirSync(folder.taken, { mode: 0o700 });
  renameSync(from, to);
  const moved = lstatSync(to);
  // A number alone is given to another once its folder is gone.
  if (!moved.isDirectory() || moved.ino !== checked.ino || moved.dev !== checked.dev) {
    // Not what was looked at: it has to be looked at in its turn.
    renameSync(to, from);
    return "failed";
  }
  raise(to, folder.taken);
  return "taken";
};

/** With what an earlier takeover has left there, or a dead one before its turn came. */
const claimIn = async (
  folder: JournalFolder,
  left: Record<LeftReason, number>,
): Promise<readonly string[]> => {
  const claimed: string[] = [];
  try {
    await eachIn(folder.taken, (path) => raise(path, folder.taken));
    await eachIn(folder.taken, (path) => {
      if (folder.claim(path) && hasSomething(path)) claimed.push(path);
    });
  } catch {
    left.failed += 1;
  }
  return claimed;
};

/** In turns of the event loop, because there may be thousands. */
const eachIn = async (taken: string, take: (path: string) => void): Promise<void> => {
  if (!isFolder(taken)) return;
  const pace = createPace();
  for (const name of readdirSync(taken).filter(isId)) {
    const path = join(taken, name);
    if (isFolder(path)) take(path);
    const rest = pace.rest();
    if (rest !== undefined) await rest;
  }
};

/** False for a journal into which nothing was written; it is removed. */
const hasSomething = (path: string): boolean => {
  try {
    if (writerOf(path) !== "nothing") return true;
    removeTaken(path);
    return false;
  } catch {
    // Who reads it will find out why.
    return true;
  }
};

const entriesOf = (folder: JournalFolder, left: Record<LeftReason, number>): readonly string[] => {
  try {
    return readdirSync(folder.directory);
  } catch {
    left.failed += 1;
    return [];
  }
};
