import { randomBytes } from "node:crypto";
import { lstat, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCgroupEvents } from "../cgroup.ts";
import { thisHost } from "../folder/host.ts";
import type { CgroupBody } from "../format/bodies.ts";
import { isCgroup, isCount, isObject } from "./body-forms.ts";
import type { ProcessExit } from "./recovery.ts";
import { openRegular, segmentsOf } from "./segments.ts";

/** What was known of a process's end when its journal was first taken over: `fate.json`. */
export interface Fate {
  /** The last sign of life, in ms since the epoch: when its newest segment was written or touched. */
  readonly lastSign: number;
  /** What whoever started it was told. */
  readonly exit?: ProcessExit;
  /** Boot id and memory control group by then. */
  readonly boot?: string;
  readonly cgroup?: CgroupBody;
}

const FATE = "fate.json";

/**
 * The fate of the process whose journal this is: as it was first written down, else as `observe`
 * sees it now, written down before this resolves. Rejects where that cannot be written: what is
 * exported could say something else the next time.
 */
export const settleFate = async (
  path: string,
  observe: () => Omit<Fate, "lastSign">,
): Promise<Fate> => {
  const known = await readFate(path);
  if (known !== undefined) return known;
  const fate = { lastSign: await lastSignOf(path), ...observe() };
  const temporary = join(path, `.${FATE}-${randomBytes(6).toString("hex")}`);
  try {
    await writeFile(temporary, JSON.stringify(fate), { mode: 0o600, flag: "wx" });
    await rename(temporary, join(path, FATE));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return fate;
};

/** What is to be seen of a process's end now: what is said of it, and the count of its control group. */
export const observeEnd = (
  exit: ProcessExit | undefined,
  before: CgroupBody | undefined,
): Omit<Fate, "lastSign"> => {
  const { boot } = thisHost();
  const cgroup = before && readCgroupEvents(before.events);
  return {
    ...(exit === undefined ? undefined : { exit }),
    ...(boot === undefined ? undefined : { boot }),
    ...(cgroup === undefined ? undefined : { cgroup }),
  };
};

const readFate = async (path: string): Promise<Fate | undefined> => {
  const file = await openRegular(join(path, FATE));
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
    const fate: unknown = JSON.parse(buffer.toString("utf8", 0, bytesRead));
    return isFate(fate) ? fate : undefined;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
};

const MAX_BYTES = 64 * 1024;

// What of it becomes attributes is checked where it does.
const isFate = (value: unknown): value is Fate =>
  isObject(value) &&
  isCount(value["lastSign"]) &&
  (value["exit"] === undefined || isObject(value["exit"])) &&
  (value["boot"] === undefined || typeof value["boot"] === "string") &&
  (value["cgroup"] === undefined || isCgroup(value["cgroup"]));

/** In whole ms; never later than now, whatever the clock was when it was written. */
const lastSignOf = async (path: string): Promise<number> => {
  let last = 0;
  for (const segment of await segmentsOf(path)) {
    const { mtimeMs } = await lstat(segment);
    last = Math.max(last, Math.floor(mtimeMs));
  }
  return Math.min(last, Date.now());
};
