import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { recovered } from "./dead-journal.ts";
import { type FaultyEndpoint, startFaultyEndpoint } from "./endpoint.ts";
import { type Host, type HostState, startHost } from "./host.ts";
import { ownDirectory } from "./world.ts";

const names = (endpoint: FaultyEndpoint): readonly string[] =>
  endpoint.spans.map(({ name }) => name).sort();

/** What the application does: it must notice nothing. */
const work = async (host: Host): Promise<void> => {
  await host.begin("before");
  await host.end("before");
  await host.begin("open");
  await host.many(300, 4_000);
  await host.end("open");
  await host.begin("after");
  await host.end("after");
  await host.flush();
};
const ALL = ["after", "before", "open", ...Array.from({ length: 300 }, (_, at) => `many ${at}`)];

/** It went on, said one thing about its journal, and threw nothing. */
const expectUnharmed = (state: HostState, endpoint: FaultyEndpoint, warning: RegExp): void => {
  expect(names(endpoint)).toEqual(ALL.toSorted());
  const { path, thrown, warnings } = state;
  expect({ path, thrown, warnings }).toEqual({
    path: null,
    thrown: [],
    warnings: [expect.stringMatching(warning)],
  });
};

// A mount of its own, where this user may make one.
const mounting = (mount: string): readonly string[] => [
  "unshare",
  ...(process.getuid?.() === 0 ? ["-m"] : ["-rm"]),
  "sh",
  "-c",
  `${mount} && exec "$@"`,
  "sh",
];
const mayMount = ((): boolean => {
  const [command = "", ...args] = mounting("mount -t tmpfs none /mnt");
  return spawnSync(command, [...args, "true"]).status === 0;
})();

describe("a disk that takes no more switches the journal off, and the application goes on (rule 27)", () => {
  test("at the limit of a file's size", async () => {
    const endpoint = await startFaultyEndpoint();
    const directory = ownDirectory();
    const under = ["sh", "-c", 'ulimit -f 256 && exec "$@"', "sh"];
    const host = await startHost({ directory, url: endpoint.url, under });
    await work(host);
    expectUnharmed(await host.state(), endpoint, /off from now on.*\((EFBIG|short)/);
    await host.kill();
    expect(await recovered(directory)).toMatchObject({ ends: [], left: [] });
  });

  if (mayMount) {
    test("on a file system that is full", async () => {
      const endpoint = await startFaultyEndpoint();
      const directory = ownDirectory();
      const under = mounting(`mount -t tmpfs -o size=256k,mode=700 none ${directory}`);
      const host = await startHost({ directory, url: endpoint.url, under });
      await work(host);
      expectUnharmed(await host.state(), endpoint, /off from now on.*\((ENOSPC|short)/);
    });

    test("on one that is full from the start", async () => {
      const endpoint = await startFaultyEndpoint();
      const directory = ownDirectory();
      const fill = `head -c 1M /dev/zero > ${directory}/filler 2>/dev/null; true`;
      const mount = `mount -t tmpfs -o size=64k,mode=700 none ${directory} && { ${fill}; }`;
      const host = await startHost({ directory, url: endpoint.url, under: mounting(mount) });
      await work(host);
      expectUnharmed(await host.state(), endpoint, /off from now on.*\((ENOSPC|short)/);
    });

    test("on one that can only be read", async () => {
      const endpoint = await startFaultyEndpoint();
      const directory = ownDirectory();
      const under = mounting(`mount -t tmpfs -o ro,mode=700 none ${directory}`);
      const host = await startHost({ directory, url: endpoint.url, under });
      await work(host);
      expectUnharmed(await host.state(), endpoint, /journal: expected a directory.*EROFS/);
    });
  }

  // Root may write everywhere.
  if (process.getuid?.() !== 0) {
    test("in a directory that can only be read", async () => {
      const endpoint = await startFaultyEndpoint();
      const directory = ownDirectory();
      chmodSync(directory, 0o500);
      const host = await startHost({ directory, url: endpoint.url });
      await work(host);
      expectUnharmed(await host.state(), endpoint, /journal: expected a directory.*EACCES/);
    });
  }
});

describe("a directory that is none of its own is not used, and that is said once", () => {
  const inPlace: readonly (readonly [string, (path: string) => void, RegExp])[] = [
    ["a link to one", (path) => symlinkSync(ownDirectory(), path), /it is a symbolic link/],
    [
      "one in which others may write",
      (path) => openTo(path),
      /others may write in it \(mode 777\)/,
    ],
    ["a file", (path) => symlinkSync("/etc/hostname", path), /it is a symbolic link/],
    ["below a file", (path) => symlinkSync("/etc/hostname", `${path}-`), /cannot be made/],
  ];
  const openTo = (path: string): void => {
    mkdirSync(path);
    chmodSync(path, 0o777);
  };
  test.each(inPlace)("%s", async (title, make, warning) => {
    const endpoint = await startFaultyEndpoint();
    const path = join(ownDirectory(), "j");
    make(path);
    const directory = title.startsWith("below") ? join(`${path}-`, "j") : path;
    const host = await startHost({ directory, url: endpoint.url });
    await work(host);
    expectUnharmed(await host.state(), endpoint, warning);
  });
});

describe("a journal that is taken away", () => {
  test("the whole directory: it is off at the next segment", async () => {
    const endpoint = await startFaultyEndpoint();
    const directory = join(ownDirectory(), "j");
    const host = await startHost({ directory, url: endpoint.url });
    await host.begin("before");
    rmSync(directory, { recursive: true });
    await host.end("before");
    await host.begin("open");
    await host.many(300, 4_000);
    await host.end("open");
    await host.begin("after");
    await host.end("after");
    await host.flush();
    expectUnharmed(await host.state(), endpoint, /off from now on.*ENOENT/);
    expect(existsSync(directory)).toBe(false);
  });
});

describe("writes that go wrong", () => {
  const imports = [fileURLToPath(new URL("faulty-writes.mjs", import.meta.url))];
  const under = (kind: string, writes: readonly number[]): readonly string[] => [
    "env",
    `FAULTY_WRITES=${JSON.stringify({ kind, writes })}`,
  ];

  test.each([
    ["EIO", [9], /off from now on.*EIO/],
    ["ENOSPC", [9], /off from now on.*ENOSPC/],
    ["short", [9], /off from now on.*\(short, as on a full disk\)/],
    ["slow", [9, 10, 11, 12], /off from now on.*4 writes in a row took over 50 ms each/],
  ])("%s: off, with one warning, and nothing is left of it", async (kind, writes, warning) => {
    const endpoint = await startFaultyEndpoint();
    const directory = ownDirectory();
    const host = await startHost({
      directory,
      url: endpoint.url,
      imports,
      under: under(kind, writes),
    });
    await work(host);
    expectUnharmed(await host.state(), endpoint, warning);
    expect(readdirSync(directory)).toEqual([]);
    await host.kill();
    expect(await recovered(directory)).toMatchObject({ ends: [], left: [] });
  });

  test("slow ones with a quick one among them are the scheduler's", async () => {
    const endpoint = await startFaultyEndpoint();
    const directory = ownDirectory();
    const options = {
      directory,
      url: endpoint.url,
      imports,
      under: under("slow", [7, 8, 9, 11, 12]),
    };
    const host = await startHost(options);
    await work(host);
    const { path, warnings } = await host.state();
    expect({ isOn: path !== null, warnings }).toEqual({ isOn: true, warnings: [] });
  });
});

describe("its end", () => {
  test("is not held up by what waits for an endpoint that is down, and that is there at the next start", async () => {
    const endpoint = await startFaultyEndpoint();
    await endpoint.goDown();
    const directory = ownDirectory();
    const host = await startHost({ directory, url: endpoint.url });
    await host.begin("a");
    await host.end("a");
    await host.flush();
    expect(await host.leave()).toEqual({ status: 0, stderr: "" });
    expect((await recovered(directory)).ends).toEqual(["a completed"]);
  });
});
