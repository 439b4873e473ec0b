import { closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { CgroupBody } from "./format/bodies.ts";

// Memory control groups, version 2 (Linux, Documentation/admin-guide/cgroup-v2.rst). Where the
// memory controller is one of version 1 there is no `memory.events`, and nothing is known.

/** Where the system tells of groups; tests have places of their own. */
export interface CgroupPlaces {
  /** The groups of this process. */
  readonly self: string;
  /** Where the hierarchy of version 2 is mounted. */
  readonly mount: string;
}

const PLACES: CgroupPlaces = { self: "/proc/self/cgroup", mount: "/sys/fs/cgroup" };

const EVENTS = "memory.events";
/** As long as a path may be, with what stands around it in these files. */
const MOST_BYTES = 8192;

/**
 * The memory control group of this process and how many processes the kernel has killed in it so far;
 * undefined where there is none. Synchronous, about 50 us, at most 8 KiB of each file. Never throws.
 */
export const readCgroup = (places: CgroupPlaces = PLACES): CgroupBody | undefined => {
  const group = /^0::(\/.*)$/m.exec(textOf(places.self) ?? "")?.[1];
  if (group === undefined) return undefined;
  return readCgroupEvents(`${places.mount}${group === "/" ? "" : group}/${EVENTS}`, places);
};

/**
 * The same of a group by its file, as the header of a journal has it. That it is the group that the
 * writer was in the caller sees by inode and boot id. Never throws.
 */
export const readCgroupEvents = (
  events: string,
  { mount }: CgroupPlaces = PLACES,
): CgroupBody | undefined => {
  if (!isBelow(mount, events)) return undefined;
  const kills = /^oom_kill (\d{1,15})$/m.exec(textOf(events) ?? "")?.[1];
  if (kills === undefined) return undefined;
  // After the count: a group that is made anew in between has an inode that nobody has noted.
  const inode = inodeOf(dirname(events));
  return inode === undefined ? undefined : { events, inode, oomKills: Number(kills) };
};

// A path in a journal comes from a disk, and one of a process outside of its namespace's root goes
// upwards, where other groups are.
const isBelow = (mount: string, events: string): boolean =>
  events.startsWith(`${mount}/`) &&
  events.endsWith(`/${EVENTS}`) &&
  !events.split("/").includes("..");

const textOf = (path: string): string | undefined => {
  try {
    // Not blocking, should somebody have put a pipe there.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const bytes = Buffer.allocUnsafe(MOST_BYTES);
      return bytes.toString("utf8", 0, readSync(file, bytes, 0, MOST_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
};

const inodeOf = (path: string): number | undefined => {
  try {
    const { ino } = statSync(path);
    return Number.isSafeInteger(ino) ? ino : undefined;
  } catch {
    return undefined;
  }
};
