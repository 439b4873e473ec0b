import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "./crc32.ts";

/**
 * The span ids that the journals in a directory hold without an acknowledgement. A reader of its own
 * that follows the page of the format, so that it cannot share a fault with the product's.
 */
export const heldSpans = (directory: string): ReadonlySet<string> => {
  const held = new Set<string>();
  for (const journal of journalsIn(directory)) addHeld(held, journal);
  return held;
};

/** The names of what lies in the directory besides the journals of `living`, e.g. `k3…/taken/x9…`. */
export const remainsIn = (directory: string, living: ReadonlySet<string>): readonly string[] =>
  entriesOf(directory).flatMap(({ name }) => {
    if (!living.has(name)) return [name];
    return entriesOf(join(directory, name, "taken")).map((taken) => `${name}/taken/${taken.name}`);
  });

const journalsIn = (directory: string): readonly string[] =>
  entriesOf(directory)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => join(directory, name))
    .flatMap((journal) => [journal, ...journalsIn(join(journal, "taken"))]);

const addHeld = (held: Set<string>, journal: string): void => {
  const begun = new Map<number, string>();
  const acknowledged = new Set<number>();
  const files = entriesOf(journal).filter(({ name }) => name.endsWith(".log"));
  for (const { name } of files) {
    for (const { type, n, json } of linesOf(join(journal, name))) {
      if (type === "A") for (const one of JSON.parse(json) as number[]) acknowledged.add(one);
      else if (type === "B" || type === "F") begun.set(n, json);
    }
  }
  for (const [n, json] of begun) {
    if (acknowledged.has(n)) continue;
    const { s, c } = JSON.parse(json) as Begun;
    // One that was sent under another number is there for its cover alone.
    if (c?.sent !== true) held.add(s);
  }
};

interface Begun {
  readonly s: string;
  readonly c?: { readonly sent?: boolean };
}

interface Line {
  readonly type: string;
  readonly n: number;
  readonly json: string;
}

/** The whole lines of a segment; what is torn or damaged is left out. */
const linesOf = (path: string): readonly Line[] => {
  const bytes = readOrNothing(path);
  const lines: Line[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    const line = lineOf(bytes.subarray(start, end));
    if (line !== undefined) lines.push(line);
    start = end + 1;
  }
  return lines;
};

const lineOf = (bytes: Buffer): Line | undefined => {
  const sum = bytes.toString("latin1", 0, 9);
  const text = bytes.subarray(9);
  if (sum !== `${crc32(text).toString(16).padStart(8, "0")} `) return undefined;
  const match = /^([A-Z])(\d+) (.*)$/s.exec(text.toString());
  return match === null
    ? undefined
    : { type: match[1] ?? "", n: Number(match[2]), json: match[3] ?? "" };
};

// A journal is renamed and removed while it is read.
const entriesOf = (path: string): readonly Dirent[] => {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
};

const readOrNothing = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
};
