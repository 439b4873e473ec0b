import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

/** The name of the journal of a process that lives, by the header of a segment; undefined if it has none. */
export const journalOf = (directory: string, pid: number): string | undefined =>
  namesIn(directory).find((name) => !name.startsWith(".") && pidOf(join(directory, name)) === pid);

const pidOf = (journal: string): number | undefined => {
  const segment = namesIn(journal).find((name) => name.endsWith(".log"));
  const header = segment === undefined ? "" : beginningOf(join(journal, segment));
  const found = /"pid":(\d+)/.exec(header.split("\n")[0] ?? "");
  return found === null ? undefined : Number(found[1]);
};

const beginningOf = (path: string): string => {
  try {
    const file = openSync(path, "r");
    const bytes = Buffer.alloc(4096);
    const length = readSync(file, bytes);
    closeSync(file);
    return bytes.toString("utf8", 0, length);
  } catch {
    return "";
  }
};

const namesIn = (path: string): readonly string[] => {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
};
