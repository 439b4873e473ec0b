import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { createFolder } from "../../../src/journal/folder/create-folder.ts";
import type { JournalFolder } from "../../../src/journal/folder/folder.ts";
import { thisHost } from "../../../src/journal/folder/host.ts";
import { newId } from "../../../src/journal/folder/names.ts";
import type { TakenOver } from "../../../src/journal/folder/take-over.ts";
import type { HeaderBody } from "../../../src/journal/format/bodies.ts";
import { encodeRecord } from "../../../src/journal/format/record.ts";
import { capturedDiag } from "../../tracing.ts";

/** A directory for journals, made anew for each test, and the warnings of that test. */
export interface Place {
  readonly directory: string;
  /** Lines of the diag logger. */
  readonly warnings: readonly string[];
  /** A folder that is left when the test is over. */
  open(): JournalFolder;
}

/** For each test of a file. */
export const usePlace = (): Place => {
  const opened: JournalFolder[] = [];
  const place = {
    directory: "",
    warnings: [] as readonly string[],
    open: () => open(place.directory),
  };
  const open = (directory: string): JournalFolder => {
    const folder = createFolder(directory);
    if (folder === undefined) throw new Error(place.warnings.join());
    opened.push(folder);
    return folder;
  };
  beforeEach(() => {
    place.directory = mkdtempSync(join(tmpdir(), "journal-"));
    place.warnings = capturedDiag();
  });
  afterEach(() => {
    for (const folder of opened.splice(0)) folder.leave();
    rmSync(place.directory, { recursive: true, force: true });
  });
  return place;
};

/** The header that a process of this host writes. */
export const headerOf = (changes: object = {}): string => {
  const header: HeaderBody = { v: 1, ...thisHost(), pid: 4_711, thread: 0, opened: 0 };
  return encodeRecord("H", 0, JSON.stringify({ ...header, ...changes })).toString();
};

/** What a dead process has left at `path`: a header, and no socket. */
export const writeJournal = (path: string, changes: object = {}): string => {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(join(path, "00000001.log"), headerOf(changes));
  return path;
};

/** The same under a name of its own in `directory`; gives the name. */
export const leaveJournal = (directory: string, changes: object = {}): string => {
  const id = newId();
  writeJournal(join(directory, id), changes);
  return id;
};

/** Sets the last sign of life of a journal, in ms since the epoch. */
export const touch = (path: string, time: number): void =>
  utimesSync(path, time / 1_000, time / 1_000);

/** Paths of all that is in a folder, without what is in its journals besides `taken`, sorted. */
export const treeOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();

/** What a takeover gave, with names in the place of paths, and without reasons for which none was left. */
export const told = ({ taken }: JournalFolder, { paths, left }: TakenOver): object => ({
  paths: paths.map((path) => relative(taken, path)).sort(),
  ...Object.fromEntries(Object.entries(left).filter(([, count]) => count > 0)),
});
