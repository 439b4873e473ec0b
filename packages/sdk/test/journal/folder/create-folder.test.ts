import { spawnSync } from "node:child_process";
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join, relative } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { isAlive } from "../../../src/journal/folder/alive.ts";
import { createFolder } from "../../../src/journal/folder/create-folder.ts";
import { treeOf, usePlace, writeJournal } from "./journals.ts";
import { fixture } from "./processes.ts";

const place = usePlace();
const UMASK = process.umask();
afterEach(() => {
  process.umask(UMASK);
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const refused = (directory: string, flaw: string): string =>
  `warn @otel-lifecycle/sdk journal: expected a directory of this user's own, in which nobody else may write, but of ${JSON.stringify(directory)}: ${flaw}. No journal is kept.`;
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("a journal is a folder of its own in which its owner listens (rule 23)", () => {
  test("that nobody else may enter, whatever the umask", async () => {
    process.umask(0o777);
    const directory = join(place.directory, "journals");
    const folder = createFolder(directory);
    if (folder === undefined) throw new Error(place.warnings.join());
    expect({
      names: treeOf(directory),
      modes: [directory, folder.path, join(folder.path, "alive")].map(modeOf),
      isAlive: await isAlive(folder.path),
      taken: relative(folder.path, folder.taken),
      id: /^[a-z0-9]{20}$/.test(folder.id),
      warnings: place.warnings,
    }).toEqual({
      names: [folder.id, `${folder.id}/alive`],
      modes: [0o700, 0o700, 0o600],
      isAlive: true,
      taken: "taken",
      id: true,
      warnings: [],
    });
    folder.remove();
  });

  test("in a directory that is made, with those above it", () => {
    const directory = join(place.directory, "a/b/c");
    const folder = createFolder(directory);
    expect(readdirSync(directory)).toEqual([folder?.id]);
    folder?.remove();
  });

  test("that keeps its place when the process goes to another directory", () => {
    const before = process.cwd();
    process.chdir(place.directory);
    const folder = createFolder("journals");
    process.chdir(before);
    expect(folder?.directory).toBe(join(place.directory, "journals"));
    folder?.remove();
    expect(treeOf(place.directory)).toEqual(["journals"]);
  });

  test("and no two have one name", () => {
    const ids = Array.from({ length: 50 }, () => place.open().id);
    expect(new Set(ids).size).toBe(50);
  });
});

describe("removed it is gone, left it stays, and either way nobody listens", () => {
  test("removed, with all that is in it, and once", () => {
    const folder = place.open();
    writeJournal(folder.path);
    folder.remove();
    folder.remove();
    folder.leave();
    expect([treeOf(place.directory), place.warnings]).toEqual([[], []]);
  });

  test("left", async () => {
    const folder = place.open();
    folder.leave();
    folder.leave();
    expect([existsSync(folder.path), await isAlive(folder.path), place.warnings]).toEqual([
      true,
      false,
      [],
    ]);
  });

  test("while it holds journals of others only what its owner wrote goes, and it stays alive", async () => {
    const folder = place.open();
    writeJournal(folder.path);
    writeJournal(join(folder.taken, "a".repeat(20)));
    folder.remove();
    expect([treeOf(folder.path), await isAlive(folder.path)]).toEqual([
      ["alive", "taken", `taken/${"a".repeat(20)}`, `taken/${"a".repeat(20)}/00000001.log`],
      true,
    ]);
    folder.leave();
    expect(await isAlive(folder.path)).toBe(false);
  });

  test("under another name before anything in it is deleted", () => {
    const folder = place.open();
    const rmSync = vi.spyOn(fs, "rmSync").mockImplementation(() => undefined);
    syncBuiltinESMExports();
    folder.remove();
    expect(rmSync.mock.calls.map(([path]) => path)).toEqual([
      join(place.directory, `.old-${folder.id}`),
    ]);
    expect(treeOf(place.directory)).toEqual([`.old-${folder.id}`, `.old-${folder.id}/alive`]);
  });

  test("a directory that is gone meanwhile is no failure", () => {
    const folder = place.open();
    fs.rmSync(place.directory, { recursive: true });
    folder.remove();
    expect(place.warnings).toEqual([]);
  });
});

describe("a directory that cannot be used costs one warning, and nothing is left in it (rule 38)", () => {
  const inside = (name: string): string => join(place.directory, name);
  test.each<[string, () => string, number | undefined, string]>([
    [
      "a symbolic link",
      () => {
        mkdirSync(inside("real"), { mode: 0o700 });
        symlinkSync(inside("real"), inside("link"));
        return inside("link");
      },
      undefined,
      "it is a symbolic link. Give the path to which it leads",
    ],
    [
      "a symbolic link that leads nowhere",
      () => {
        symlinkSync(inside("nowhere"), inside("link"));
        return inside("link");
      },
      undefined,
      "it is a symbolic link. Give the path to which it leads",
    ],
    [
      "a file",
      () => {
        writeFileSync(inside("file"), "");
        return inside("file");
      },
      undefined,
      "it is no directory. Give another path",
    ],
    [
      "below a file",
      () => {
        writeFileSync(inside("file"), "");
        return inside("file/journals");
      },
      undefined,
      "it cannot be made or looked at (ENOTDIR). Give one in which this user may write",
    ],
    [
      "another user's",
      () => place.directory,
      12_345,
      `user ${process.getuid?.()} owns it, and this process is user 12345. Give one of this user's, or one that is not there yet`,
    ],
    [
      "no user",
      () => place.directory,
      -1,
      "there are no users here. Journals need Unix sockets: leave it out on Windows",
    ],
    ...[0o720, 0o702, 0o1777].map((mode): [string, () => string, undefined, string] => [
      `mode ${mode.toString(8)}`,
      () => {
        chmodSync(place.directory, mode);
        return place.directory;
      },
      undefined,
      `others may write in it (mode ${mode.toString(8)}). Give one that is not there yet, or take that right away: chmod 700`,
    ]),
    [
      "one that no directory can be",
      () => "/journals\0",
      undefined,
      "it cannot be made or looked at (ERR_INVALID_ARG_VALUE). Give one in which this user may write",
    ],
  ])("%s", (_, make, uid, flaw) => {
    const directory = make();
    const before = treeOf(place.directory);
    expect(createFolder(directory, uid)).toBeUndefined();
    expect(place.warnings).toEqual([refused(directory, flaw)]);
    expect(treeOf(place.directory)).toEqual(before);
  });

  test.each([0o755, 0o700, 0o500 | 0o2000])("others may read it: mode %o is taken", (mode) => {
    chmodSync(place.directory, mode | 0o200);
    expect(place.open().directory).toBe(place.directory);
  });

  test("a path of 100 bytes for the socket is taken, one of 101 is not", () => {
    const socket = "/.new-/alive".length + 20;
    const rest = 100 - socket - place.directory.length - "/".length;
    // Bytes count, not characters.
    const fits = inside("ä".repeat(Math.floor(rest / 2)).padEnd(rest - Math.floor(rest / 2), "x"));
    const folder = createFolder(fits);
    expect(existsSync(join(folder?.path ?? "", "alive"))).toBe(true);
    folder?.remove();
    expect(createFolder(`${fits}x`)).toBeUndefined();
    expect(place.warnings).toEqual([
      refused(
        `${fits}x`,
        "a socket's path in it has 101 bytes, and at most 100 are possible. Give a shorter path",
      ),
    ]);
    expect(existsSync(`${fits}x`)).toBe(false);
  });

  test("a path of a megabyte is said in short", () => {
    const path = `/${"x".repeat(1_000_000)}`;
    expect(createFolder(path)).toBeUndefined();
    expect(place.warnings).toEqual([
      refused(
        path.slice(0, 256),
        "a socket's path in it has 1000033 bytes, and at most 100 are possible. Give a shorter path",
      ),
    ]);
  });

  test.each<["mkdirSync" | "renameSync" | "chmodSync", string]>([
    ["mkdirSync", "ENOSPC"],
    ["mkdirSync", "EROFS"],
    ["chmodSync", "EPERM"],
    ["renameSync", "EIO"],
  ])("%s fails with %s", (name, code) => {
    vi.spyOn(fs, name).mockImplementation(() => {
      throw Object.assign(new Error(code), { code });
    });
    syncBuiltinESMExports();
    expect(createFolder(place.directory)).toBeUndefined();
    expect(place.warnings).toEqual([
      refused(
        place.directory,
        `no folder with a socket can be made in it (${code}). Give one on a local disk that has room`,
      ),
    ]);
    expect(treeOf(place.directory)).toEqual([]);
  });

  test("a file system without sockets", () => {
    vi.spyOn(fs, "mkdirSync").mockImplementation(() => undefined);
    vi.spyOn(fs, "chmodSync").mockImplementation(() => undefined);
    syncBuiltinESMExports();
    expect(createFolder(place.directory)).toBeUndefined();
    expect(place.warnings).toEqual([
      refused(
        place.directory,
        "no folder with a socket can be made in it (no socket). Give one on a local disk that has room",
      ),
    ]);
  });

  test.runIf(existsSync("/proc/self"))(
    "nor does a file system that says of all that it is not there hold the process",
    () => {
      // In a process of its own, because nothing in this one could end what never returns.
      const { status, signal, stderr } = spawnSync(
        process.execPath,
        [fixture("journal-owner.mjs"), "/proc/otel-lifecycle/journals", "ends"],
        { timeout: 30_000, encoding: "utf8" },
      );
      expect({ status, signal, error: /^Error: .*$/m.exec(stderr)?.[0] }).toEqual({
        status: 1,
        signal: null,
        error: "Error: no folder",
      });
    },
    60_000,
  );
});
