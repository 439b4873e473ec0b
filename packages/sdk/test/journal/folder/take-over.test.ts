import { execFileSync } from "node:child_process";
import fs, {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { thisHost } from "../../../src/journal/folder/host.ts";
import { newId } from "../../../src/journal/folder/names.ts";
import { takeOver } from "../../../src/journal/folder/take-over.ts";
import { headerOf, leaveJournal, told, touch, treeOf, usePlace, writeJournal } from "./journals.ts";

const place = usePlace();
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});
const inside = (...names: string[]): string => join(place.directory, ...names);
const OTHER_BOOT = "00000000-0000-4000-8000-000000000000";

describe("the journals of the dead are taken over by a rename (rule 23)", () => {
  test("all of them, with what is in them, and those of the living are left", async () => {
    const ids = [leaveJournal(place.directory), leaveJournal(place.directory)].sort();
    const [one, other] = [place.open(), place.open()];
    expect(told(one, await takeOver(one))).toEqual({ paths: ids, alive: 1 });
    expect(ids.map((id) => readdirSync(join(one.taken, id)))).toEqual([
      ["00000001.log"],
      ["00000001.log"],
    ]);
    expect(readdirSync(place.directory).sort()).toEqual([one.id, other.id].sort());
  });

  test("those of one process alone, where it is named", async () => {
    const wanted = leaveJournal(place.directory, { pid: 1 });
    leaveJournal(place.directory, { pid: 2 });
    const folder = place.open();
    expect(told(folder, await takeOver(folder, { pid: 1 }))).toEqual({
      paths: [wanted],
      other_pid: 1,
    });
  });

  test("thousands that an earlier recovery had left are claimed in turns of the event loop", async () => {
    const folder = place.open();
    const count = 2_000;
    for (let n = 0; n < count; n += 1) leaveJournal(folder.taken);
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    // The owner alone is in the directory, so that no socket takes turns of its own.
    setImmediate(turn);
    const { paths } = await takeOver(folder);
    isOver = true;
    expect(paths).toHaveLength(count);
    expect(turns).toBeGreaterThan(2);
  });

  test("each is given once, until it is released", async () => {
    const id = leaveJournal(place.directory);
    const folder = place.open();
    const both = await Promise.all([takeOver(folder), takeOver(folder)]);
    expect(both.flatMap(({ paths }) => paths)).toEqual([join(folder.taken, id)]);
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [] });
    folder.release(join(folder.taken, id));
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [id] });
  });

  test("with what they had taken over, and nothing lies deeper than before", async () => {
    const [first, second, third, fourth] = [newId(), newId(), newId(), newId()];
    writeJournal(inside(first));
    writeJournal(inside(first, "taken", second));
    writeJournal(inside(first, "taken", second, "taken", third));
    writeJournal(inside(first, "taken", second, "taken", third, "taken", fourth));
    writeFileSync(inside(first, "taken", second, "fate.json"), "{}");
    const folder = place.open();
    expect(told(folder, await takeOver(folder))).toEqual({
      paths: [first, second, third, fourth].sort(),
    });
    expect(treeOf(join(folder.taken, first))).toEqual(["00000001.log", "taken"]);
    expect(treeOf(join(folder.taken, second))).toEqual(["00000001.log", "fate.json", "taken"]);
  });

  test("one that had nothing yet is removed, but not what it had taken over", async () => {
    const [empty, torn, taker, taken] = [newId(), newId(), newId(), newId()];
    mkdirSync(inside(empty));
    mkdirSync(inside(torn));
    writeFileSync(inside(torn, "00000001.log"), headerOf().slice(0, -1));
    writeJournal(inside(taker, "taken", taken));
    const folder = place.open();
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [taken] });
    expect(readdirSync(folder.taken)).toEqual([taken]);
    expect(readdirSync(place.directory)).toEqual([folder.id]);
  });
});

describe("what is not surely a dead process's of this host is left alone", () => {
  const left = async (options = {}): Promise<object> => {
    const before = treeOf(place.directory);
    const folder = place.open();
    const { paths, ...reasons } = told(folder, await takeOver(folder, options)) as {
      paths: readonly string[];
    };
    folder.remove();
    if (paths.length === 0) expect(treeOf(place.directory)).toEqual(before);
    return paths.length > 0 ? { taken: paths.length } : reasons;
  };

  test.each<[string, object, object]>([
    ["of this boot, by another name", { host: "elsewhere" }, { taken: 1 }],
    ["of another boot and name", { host: "elsewhere", boot: OTHER_BOOT }, { other_host: 1 }],
    ["of another name and no boot", { host: "elsewhere", boot: undefined }, { other_host: 1 }],
    ["of this version", { v: 1 }, { taken: 1 }],
    ["of a newer version", { v: 2 }, { newer_version: 1 }],
    ["of a newer version on another host", { v: 2, host: "elsewhere" }, { newer_version: 1 }],
  ])("one %s", async (_, header, expected) => {
    leaveJournal(place.directory, header);
    expect(await left()).toEqual(expected);
  });

  test("one of another host is taken where the caller knows that its process is dead", async () => {
    leaveJournal(place.directory, { host: "elsewhere", boot: OTHER_BOOT });
    expect(await left({ anyHost: true })).toEqual({ taken: 1 });
  });

  test.each([
    [-15_000, { taken: 1 }],
    [-14_999, { alive: 1 }],
    [14_999, { alive: 1 }],
    [15_000, { taken: 1 }],
  ])("of this name and another boot, with a sign of life %i ms from now", async (ms, expected) => {
    const now = 1_800_000_000_000;
    vi.useFakeTimers({ now, toFake: ["Date"] });
    const id = leaveJournal(place.directory, { boot: OTHER_BOOT });
    touch(inside(id, "00000001.log"), now + ms);
    expect(await left()).toEqual(expected);
  });

  test("another user's", async () => {
    leaveJournal(place.directory);
    const folder = place.open();
    expect(told(folder, await takeOver({ ...folder, uid: 12_345 }))).toEqual({
      paths: [],
      other_owner: 1,
    });
  });

  test.each<[string, () => unknown]>([
    ["a file", () => writeFileSync(inside(newId()), "")],
    ["a link to a journal", () => symlinkSync(inside("..", "elsewhere"), inside(newId()))],
    ["a name that is too short", () => writeJournal(inside(newId().slice(1)))],
    ["a name that is too long", () => writeJournal(inside(`${newId()}a`))],
    ["a name with a line feed", () => writeJournal(inside(`${newId().slice(1)}\n`))],
    ["a name in capitals", () => writeJournal(inside("A".repeat(20)))],
    [
      "a folder with a file of somebody's",
      () => {
        const id = newId();
        mkdirSync(inside(id));
        writeFileSync(inside(id, "notes.txt"), "");
      },
    ],
    [
      "a folder with lines that are none of ours",
      () => {
        const id = newId();
        mkdirSync(inside(id));
        writeFileSync(inside(id, "00000001.log"), "GET / 200\n");
      },
    ],
    [
      "a folder with a link in the place of a segment",
      () => {
        const id = newId();
        mkdirSync(inside(id));
        writeFileSync(inside(".segment"), headerOf());
        symlinkSync(inside(".segment"), inside(id, "00000001.log"));
      },
    ],
    [
      "a folder with a pipe in the place of a segment",
      () => {
        const id = newId();
        mkdirSync(inside(id));
        execFileSync("mkfifo", [inside(id, "00000001.log")]);
      },
    ],
  ])("%s", async (_, make) => {
    make();
    expect(await left()).toEqual({ not_a_journal: 1 });
  });

  test("what is hidden is not even counted", async () => {
    writeJournal(inside(".git"));
    writeJournal(inside(`.${newId()}`));
    expect(await left()).toEqual({});
  });
});

describe("headers are read with a bound", () => {
  const taken = async (): Promise<object> => {
    const folder = place.open();
    return told(folder, await takeOver(folder));
  };

  test("from the newest segment, and from an older where that has none", async () => {
    const id = leaveJournal(place.directory, { v: 2 });
    writeFileSync(inside(id, "00000002.log"), headerOf());
    writeFileSync(inside(id, "00000003.log"), headerOf().slice(0, 40));
    expect(await taken()).toEqual({ paths: [id] });
  });

  test("past lines that are damaged", async () => {
    const id = leaveJournal(place.directory);
    writeFileSync(inside(id, "00000001.log"), `damaged\n${headerOf({ v: 2 })}`);
    expect(await taken()).toEqual({ paths: [], newer_version: 1 });
  });

  test("of a file of 8 GiB the first 2 MiB", async () => {
    const id = leaveJournal(place.directory);
    truncateSync(inside(id, "00000001.log"), 8 * 1024 ** 3);
    const other = newId();
    mkdirSync(inside(other));
    truncateSync(writeEmpty(inside(other, "00000001.log")), 8 * 1024 ** 3);
    appendFileSync(inside(other, "00000001.log"), `\n${headerOf()}`);
    expect(await taken()).toEqual({ paths: [id], not_a_journal: 1 });
  });

  test("a journal whose header alone is damaged is taken, once it gives no sign of life", async () => {
    const id = leaveJournal(place.directory);
    const segment = inside(id, "00000001.log");
    const header = headerOf();
    writeFileSync(segment, `${header.replace("pid", "pit")}${header.replace(" H0", " S1")}`);
    appendFileSync(segment, headerOf({ v: "1" }));
    expect(await taken()).toEqual({ paths: [], alive: 1 });
    touch(segment, Date.now() - 60_000);
    const folder = place.open();
    expect(told(folder, await takeOver(folder, { pid: 4_711 }))).toMatchObject({ other_pid: 1 });
    expect(told(folder, await takeOver(folder))).toMatchObject({ paths: [id] });
  });
});

describe("what others have begun is finished", () => {
  test("removals", async () => {
    const old = inside(`.old-${newId()}`);
    writeJournal(old);
    const outside = writeJournal(inside("..", newId()));
    symlinkSync(outside, join(old, "link"));
    const folder = place.open();
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [] });
    expect([readdirSync(place.directory), existsSync(outside)]).toEqual([[folder.id], true]);
    rmSync(outside, { recursive: true });
  });

  test.each([
    [60_000, true],
    [60_001, false],
  ])("a journal that was being made %i ms ago stays: %s", async (age, stays) => {
    const now = 1_800_000_000_000;
    vi.useFakeTimers({ now, toFake: ["Date"] });
    const path = inside(`.new-${newId()}`);
    mkdirSync(path);
    touch(path, now - age);
    const folder = place.open();
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [] });
    expect(existsSync(path)).toBe(stays);
  });

  test("not one that somebody is still about to make", async () => {
    const path = inside(`.new-${newId()}`);
    const owner = place.open();
    renameSync(owner.path, path);
    touch(path, 0);
    await takeOver(place.open());
    expect(existsSync(path)).toBe(true);
  });

  test.each([
    ["another user's", () => mkdirSync(inside(`.old-${newId()}`)), 12_345],
    ["a link", () => symlinkSync(place.open().path, inside(`.old-${newId()}`)), undefined],
    ["a file", () => writeFileSync(inside(`.old-${newId()}`), ""), undefined],
    ["of another form", () => mkdirSync(inside(".old-times")), undefined],
  ])("not what is %s", async (_, make, uid) => {
    make();
    const before = treeOf(place.directory);
    const folder = place.open();
    await takeOver(uid === undefined ? folder : { ...folder, uid });
    folder.remove();
    expect(treeOf(place.directory)).toEqual(before);
  });
});

describe("whatever happens meanwhile, nothing is thrown and nothing foreign is taken", () => {
  /** Does something just before the folder `id` is renamed. */
  const beforeRename = (id: string, step: () => void): void => {
    const real = fs.renameSync;
    let isDone = false;
    vi.spyOn(fs, "renameSync").mockImplementation((from, to) => {
      if (!isDone && String(from) === inside(id)) {
        isDone = true;
        step();
      }
      real(from, to);
    });
    syncBuiltinESMExports();
  };

  test("a journal that another takes is his", async () => {
    const id = leaveJournal(place.directory);
    const [folder, other] = [place.open(), place.open()];
    beforeRename(id, () => {
      mkdirSync(other.taken);
      renameSync(inside(id), join(other.taken, id));
    });
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [], alive: 1 });
    expect(readdirSync(other.taken)).toEqual([id]);
  });

  test("a link that takes its place is put back, and nobody goes where it leads", async () => {
    const id = leaveJournal(place.directory);
    const folder = place.open();
    const elsewhere = writeJournal(inside(".elsewhere"));
    beforeRename(id, () => {
      rmSync(inside(id), { recursive: true });
      symlinkSync(elsewhere, inside(id));
    });
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [], failed: 1 });
    expect([fs.readlinkSync(inside(id)), readdirSync(folder.taken)]).toEqual([elsewhere, []]);
  });

  test("another folder that takes its place is put back", async () => {
    const id = leaveJournal(place.directory);
    const folder = place.open();
    beforeRename(id, () => {
      renameSync(inside(id), inside(".elsewhere"));
      writeJournal(inside(id));
    });
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [], failed: 1 });
    expect(readdirSync(inside(id))).toEqual(["00000001.log"]);
  });

  test("our own folder that is gone takes nothing", async () => {
    const id = leaveJournal(place.directory);
    const folder = place.open();
    folder.remove();
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [], failed: 1 });
    expect(readdirSync(place.directory)).toEqual([id]);
  });

  test("a directory that is gone", async () => {
    const folder = place.open();
    rmSync(place.directory, { recursive: true });
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [], failed: 1 });
  });

  test.each(["EACCES", "EROFS", "EIO"])("a rename that fails with %s", async (code) => {
    const id = leaveJournal(place.directory);
    const folder = place.open();
    beforeRename(id, () => {
      throw Object.assign(new Error(code), { code });
    });
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [], failed: 1 });
    expect(told(folder, await takeOver(folder))).toEqual({ paths: [id] });
  });
});

const writeEmpty = (path: string): string => {
  writeFileSync(path, "");
  return path;
};

test("a host says its name and, on Linux, the boot of its kernel", () => {
  const { host, boot } = thisHost();
  expect(host).toBe(execFileSync("hostname", { encoding: "utf8" }).trim());
  expect(boot === undefined).toBe(process.platform !== "linux");
});
