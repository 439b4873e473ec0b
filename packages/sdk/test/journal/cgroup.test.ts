import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CgroupPlaces, readCgroup, readCgroupEvents } from "../../src/journal/cgroup.ts";

// As the kernel writes them: of a service of systemd, and of a container in its own namespace.
const SERVICE = "0::/system.slice/shop.service\n";
const CONTAINER = "0::/\n";
const BOTH_VERSIONS = `12:pids:/user.slice\n4:memory:/user.slice\n1:name=systemd:/user.slice\n${SERVICE}`;
const eventsText = (oomKills: number | string): string =>
  `low 0\nhigh 0\nmax 1284\noom 12\noom_kill ${oomKills}\noom_group_kill 0\nsock_throttled 0\n`;

let root: string;
let places: CgroupPlaces;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cgroup-"));
  places = { self: join(root, "self"), mount: join(root, "mount") };
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const eventsOf = (group: string): string => join(places.mount, group, "memory.events");

const sow = (self: string, group: string, events: string): string => {
  const file = eventsOf(group);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, events);
  writeFileSync(places.self, self);
  return file;
};

describe("the memory control group of this process", () => {
  test.each([
    ["a service's", SERVICE, "system.slice/shop.service"],
    ["a container's, which is the root of its namespace", CONTAINER, "."],
    ["the one of version 2 beside those of version 1", BOTH_VERSIONS, "system.slice/shop.service"],
  ])("%s", (_title, self, group) => {
    const file = sow(self, group, eventsText(11));
    expect(readCgroup(places)).toEqual({
      events: file,
      inode: statSync(dirname(file)).ino,
      oomKills: 11,
    });
  });

  test.each([
    ["there is none of version 2", "4:memory:/user.slice\n", eventsText(1)],
    ["the file of groups is empty", "", eventsText(1)],
    ["it is outside of the namespace", "0::/../shop.service\n", eventsText(1)],
    ["it counts no kills, as before Linux 4.13", SERVICE, "low 0\nhigh 0\nmax 0\noom 12\n"],
    ["its count is no number", SERVICE, eventsText("many")],
    ["its count is cut off", SERVICE, "low 0\noom_kill "],
  ])("is not known where %s", (_title, self, events) => {
    sow(self, "system.slice/shop.service", events);
    sow(self, "../shop.service", events);
    expect(readCgroup(places)).toBeUndefined();
  });

  test("is not known where the root of all groups has no count", () => {
    writeFileSync(places.self, CONTAINER);
    expect(readCgroup(places)).toBeUndefined();
  });

  test("is not known on a system without groups", () => {
    expect(readCgroup(places)).toBeUndefined();
  });
});

describe("the group of a journal, later", () => {
  test("has the same inode and the count of now", () => {
    const file = sow(SERVICE, "shop", eventsText(3));
    const before = readCgroupEvents(file, places);
    sow(SERVICE, "shop", eventsText(4));
    expect(before?.oomKills).toBe(3);
    expect(readCgroupEvents(file, places)).toEqual({ ...before, oomKills: 4 });
  });

  test("is nothing where it is gone", () => {
    const file = sow(SERVICE, "shop", eventsText(3));
    rmSync(dirname(file), { recursive: true });
    expect(readCgroupEvents(file, places)).toBeUndefined();
  });

  test("is read nowhere but among groups, whatever the journal says", () => {
    const outside = join(root, "elsewhere", "memory.events");
    mkdirSync(dirname(outside));
    writeFileSync(outside, eventsText(9));
    const inside = sow(SERVICE, "shop", eventsText(9));
    expect(readCgroupEvents(outside, places)).toBeUndefined();
    expect(
      readCgroupEvents(`${places.mount}/shop/../../elsewhere/memory.events`, places),
    ).toBeUndefined();
    expect(readCgroupEvents(`${dirname(inside)}/memory.events.local`, places)).toBeUndefined();
  });

  test.skipIf(process.platform === "win32")("a pipe in its place holds nobody up", () => {
    const file = eventsOf("shop");
    mkdirSync(dirname(file), { recursive: true });
    execFileSync("mkfifo", [file]);
    expect(readCgroupEvents(file, places)).toBeUndefined();
  });
});
