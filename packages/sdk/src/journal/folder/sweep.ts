import { lstatSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "./alive.ts";
import type { JournalFolder } from "./folder.ts";
import { isId, NEW, OLD } from "./names.ts";

/**
 * Finishes a removal that another has begun, and removes a folder that was never finished, if `name`
 * is one. All else that is hidden is not of ours, and not looked at.
 */
export const sweep = async (folder: JournalFolder, name: string): Promise<"gone"> => {
  if (!isId(name.slice(NEW.length))) return "gone";
  const path = join(folder.directory, name);
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== folder.uid) return "gone";
  const isStale = name.startsWith(NEW) && Date.now() - stat.mtimeMs > STALE_MS;
  if (name.startsWith(OLD) || (isStale && !(await isAlive(path)))) {
    await rm(path, { recursive: true, force: true });
  }
  return "gone";
};

/** Making one takes some milliseconds, but the process may be stopped meanwhile. */
const STALE_MS = 60_000;
