import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import type { HeaderBody } from "../format/bodies.ts";
import { bodyOf, MAX_RECORD_BYTES, recordsIn } from "../format/record.ts";
import { ALIVE, isSegment, TAKEN } from "./names.ts";

/** What of a header tells whose a journal is. It is the same in all headers of a journal. */
export type Writer = Pick<HeaderBody, "v" | "host" | "boot" | "pid">;

/**
 * Who wrote the journal at `path`. `unnamed`: its headers are damaged, but there are records.
 * `nothing`: it is a journal, into which nothing was written. `foreign`: none of the kind.
 *
 * @throws Error of the system, if it cannot be read.
 */
export const writerOf = (path: string): Writer | Unknown => {
  const names = readdirSync(path);
  const isOurs = names.every((name) => name === ALIVE || name === TAKEN || isSegment(name));
  const unknown = new Set<Unknown>(isOurs ? [] : ["foreign"]);
  for (const name of names.filter(isSegment).sort().reverse().slice(0, MAX_SEGMENTS)) {
    const said = inSegment(join(path, name));
    if (typeof said === "object") return said;
    unknown.add(said);
  }
  if (unknown.has("unnamed")) return "unnamed";
  return unknown.has("foreign") ? "foreign" : "nothing";
};

type Unknown = "unnamed" | "nothing" | "foreign";

const inSegment = (path: string): Writer | Unknown => {
  const said = saidIn(beginningOf(path, USUAL_BYTES));
  return typeof said === "object" ? said : saidIn(beginningOf(path, MAX_BYTES));
};

const saidIn = (bytes: Buffer | undefined): Writer | Unknown => {
  if (bytes === undefined) return "foreign";
  let hasRecords = false;
  for (const placed of recordsIn(bytes)) {
    hasRecords = true;
    const writer = placed.type === "H" ? asWriter(bodyOf(bytes, placed)) : undefined;
    if (writer !== undefined) return writer;
  }
  if (hasRecords) return "unnamed";
  // A first record may be torn. Where a whole line is none of ours, nobody can tell what it is.
  return bytes.length < MAX_RECORD_BYTES && !bytes.includes("\n") ? "nothing" : "foreign";
};

/** Undefined if it is no file. */
const beginningOf = (path: string, bytes: number): Buffer | undefined => {
  const file = open(path);
  if (file === undefined) return undefined;
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return undefined;
    const buffer = Buffer.allocUnsafe(Math.min(stat.size, bytes));
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(file);
  }
};

/** Undefined for a link. Does not wait for who writes into a pipe. */
const open = (path: string): number | undefined => {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOOP") return undefined;
    throw error;
  }
};

const asWriter = (body: unknown): Writer | undefined => {
  const { v, host, boot, pid } = Object(body) as Partial<Writer>;
  if (!Number.isSafeInteger(v) || v === undefined || v < 1) return undefined;
  return {
    v,
    host: typeof host === "string" ? host : "",
    ...(typeof boot === "string" && { boot }),
    pid: typeof pid === "number" ? pid : 0,
  };
};

/** The header is the first record. */
const USUAL_BYTES = 64 * 1024;
/** More than a segment has: what is larger is none. */
const MAX_BYTES = 2 * 1024 * 1024;
/** The newest; each begins with the header. */
const MAX_SEGMENTS = 16;
