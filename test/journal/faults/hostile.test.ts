import { execFileSync } from "node:child_process";
import {
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { crc32 } from "./crc32.ts";
import { type DeadJournal, deadWith, killedHost, recovered } from "./dead-journal.ts";
import { startFaultyEndpoint } from "./endpoint.ts";
import { startHost } from "./host.ts";
import { ownDirectory } from "./world.ts";

let dead: DeadJournal;
beforeEach(async () => {
  dead = deadWith(await killedHost());
});

const ALL = ["a completed", "b lost", "c completed", "d lost"];
const folder = (): string => dirname(dead.segment);
const NOTHING = {
  alive: 0,
  other_host: 0,
  other_owner: 0,
  newer_version: 0,
  not_a_journal: 0,
  other_pid: 0,
  failed: 0,
};
/** A line as the format's page has it. */
const line = (text: string): string => `${crc32(text)} ${text}\n`;

describe("what is no journal of this user's is left alone, and as it is", () => {
  test("one of a newer version", async () => {
    const newer = dead.bytes.toString().replace(/^.* H0 .*\n/, "");
    const header = JSON.parse(/ H0 (.*)\n/.exec(` ${dead.bytes.toString().slice(9)}`)?.[1] ?? "");
    writeFileSync(dead.segment, line(`H0 ${JSON.stringify({ ...header, v: 2 })}`) + newer);
    const { ends, left, result } = await recovered(dead.directory);
    expect({ ends, left, left_alone: result.left }).toEqual({
      ends: [],
      left: [dead.id],
      left_alone: { ...NOTHING, newer_version: 1 },
    });
  });

  test("a link to one", async () => {
    const elsewhere = join(ownDirectory(), "journal");
    renameSync(folder(), elsewhere);
    symlinkSync(elsewhere, folder());
    const { ends, left, result } = await recovered(dead.directory);
    expect({ ends, left, left_alone: result.left }).toEqual({
      ends: [],
      left: [dead.id],
      left_alone: { ...NOTHING, not_a_journal: 1 },
    });
    expect(readFileSync(join(elsewhere, "00000001.log"))).toEqual(dead.bytes);
  });

  test("a folder of other things under a journal's name", async () => {
    writeFileSync(join(folder(), "notes.txt"), "mine");
    rmSync(dead.segment);
    const { left, result } = await recovered(dead.directory);
    expect({ left, left_alone: result.left }).toEqual({
      left: [dead.id],
      left_alone: { ...NOTHING, not_a_journal: 1 },
    });
    expect(readFileSync(join(folder(), "notes.txt"), "utf8")).toBe("mine");
  });

  test("a segment of garbage alone", async () => {
    const garbage = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7919) % 256));
    writeFileSync(dead.segment, garbage);
    const { ends, result } = await recovered(dead.directory);
    expect({ ends, left_alone: result.left }).toEqual({
      ends: [],
      left_alone: { ...NOTHING, not_a_journal: 1 },
    });
    expect(readFileSync(dead.segment)).toEqual(garbage);
  });

  // What another user owns only root can make.
  if (process.getuid?.() === 0) {
    test("one of another user", async () => {
      chownSync(folder(), 12_345, 12_345);
      const { ends, left, result } = await recovered(dead.directory);
      expect({ ends, left, left_alone: result.left }).toEqual({
        ends: [],
        left: [dead.id],
        left_alone: { ...NOTHING, other_owner: 1 },
      });
    });
  }
});

describe("what stands in a segment's place harms nothing but itself", () => {
  const inPlace: readonly (readonly [string, (path: string) => void])[] = [
    ["a FIFO that nobody writes into", (path) => execFileSync("mkfifo", [path])],
    ["a directory", (path) => mkdirSync(path)],
    ["a link to a file", (path) => symlinkSync("/etc/hostname", path)],
    ["a link that leads nowhere", (path) => symlinkSync("/nowhere", path)],
    ["an empty file", (path) => writeFileSync(path, "")],
    ["garbage", (path) => writeFileSync(path, Buffer.alloc(50_000, 0xa5))],
    [
      "a huge sparse file",
      (path) => {
        writeFileSync(path, "");
        truncateSync(path, 2 ** 40);
      },
    ],
  ];
  test.each(inPlace)("%s as the newest", async (_, make) => {
    const path = join(folder(), "00000002.log");
    make(path);
    if (lstatSync(path).isFile()) utimesSync(path, new Date(0), new Date(0));
    const { ends, left } = await recovered(dead.directory);
    expect({ ends, left }).toEqual({ ends: ALL, left: [] });
  });

  test("segments that are missing in the middle: what they held is not told", async () => {
    const lines = dead.bytes.toString().split(/(?<=\n)/);
    const head = lines.filter((one) => /^\S+ [HS]/.test(one));
    const rest = lines.filter((one) => !head.includes(one));
    // a, b | c, d | the ends of a and c
    for (const [at, part] of [rest.slice(0, 2), rest.slice(2, 4), rest.slice(4)].entries()) {
      const path = join(folder(), `0000000${at + 1}.log`);
      writeFileSync(path, [...head, ...part].join(""));
      utimesSync(path, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
    }
    rmSync(join(folder(), "00000002.log"));
    const { ends, left } = await recovered(dead.directory);
    expect({ ends, left }).toEqual({ ends: ["a completed", "b lost"], left: [] });
  });
});

describe("a recovery that was interrupted is gone on with, whatever it left", () => {
  /** Its taker is dead, too. */
  const taken = (files: Readonly<Record<string, string>>): string => {
    const taker = "0123456789abcdefghij";
    const to = join(dead.directory, taker, "taken", dead.id);
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    renameSync(folder(), to);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(to, name), text);
    return to;
  };
  const DIED = 1_700_000_000_000;
  const numberOf = (name: string): string =>
    new RegExp(` B(\\d+) .*"n":"${name}"`).exec(dead.bytes.toString())?.[1] ?? "";

  test("what it had acknowledged is not exported again", async () => {
    taken({ "acknowledged.log": line(`A0 [${numberOf("a")},${numberOf("b")}]`) });
    const { ends, left } = await recovered(dead.directory);
    expect({ ends, left }).toEqual({ ends: ["c completed", "d lost"], left: [] });
  });

  test("a torn acknowledgement is none: exported twice rather than never", async () => {
    const first = line(`A0 [${numberOf("a")}]`);
    taken({ "acknowledged.log": first + line(`A0 [${numberOf("b")}]`).slice(0, -4) });
    const { ends, left } = await recovered(dead.directory);
    expect({ ends, left }).toEqual({ ends: ["b lost", "c completed", "d lost"], left: [] });
  });

  test("the time of death is the one that was written down first", async () => {
    taken({ "fate.json": JSON.stringify({ lastSign: DIED }) });
    const { spans } = await recovered(dead.directory);
    const lost = spans.filter(({ attributes }) => attributes["lifecycle.run.result"] === "lost");
    // Never before the span began.
    expect(lost.map(({ startTime, endTime }) => String(startTime) === String(endTime))).toEqual([
      true,
      true,
    ]);
  });

  test.each([
    ["torn", '{"lastSign":170000'],
    ["empty", ""],
    ["of another form", '{"lastSign":"soon","exit":[]}'],
    ["beyond every number", '{"lastSign":1e999}'],
    ["huge", `{"lastSign":1,"exit":{"reason":"${"x".repeat(200_000)}"}}`],
    [
      "hostile",
      '{"lastSign":1700000000000,"exit":{"code":1e9,"signal":"rm -rf","reason":"<b>","__proto__":{}}}',
    ],
  ])("a fate that is %s says nothing that is not so", async (_, text) => {
    taken({ "fate.json": text });
    const { ends, left, spans } = await recovered(dead.directory);
    expect({ ends, left }).toEqual({ ends: ALL, left: [] });
    const told = spans.flatMap(({ attributes }) => Object.entries(attributes));
    expect(told.filter(([name]) => /^(lifecycle.loss|process|k8s)/.test(name))).toEqual([
      ["lifecycle.loss.reason", "unknown"],
      ["lifecycle.loss.reason", "unknown"],
    ]);
  });
});

describe("clocks", () => {
  const endsOf = async (time: Date): Promise<readonly number[]> => {
    utimesSync(dead.segment, time, time);
    const { spans } = await recovered(dead.directory);
    return spans
      .filter(({ attributes }) => attributes["lifecycle.run.result"] === "lost")
      .map(({ startTime, endTime }) => endTime[0] - startTime[0]);
  };

  test("a last sign of life before the beginning: it took no time", async () => {
    expect(await endsOf(new Date(1_000_000_000_000))).toEqual([0, 0]);
  });

  test("one in the future: it was alive until now, not longer", async () => {
    const durations = await endsOf(new Date(Date.now() + 365 * 24 * 3_600_000));
    expect(durations).toHaveLength(2);
    for (const one of durations) expect(one).toBeLessThan(60);
  });
});

describe("many starters", () => {
  test("of four at once each run is exported by one", async () => {
    const endpoint = await startFaultyEndpoint();
    const directory = ownDirectory();
    // Three journals of one directory.
    for (const journal of [1, 2, 3].map(() => deadWith(dead.bytes))) {
      renameSync(dirname(journal.segment), join(directory, journal.id));
    }
    const starters = Array.from({ length: 4 }, () => startHost({ directory, url: endpoint.url }));
    const hosts = await Promise.all(starters);
    await expect.poll(() => endpoint.spans.length, { timeout: 15_000 }).toBe(12);
    const segments = () => readdirSync(directory, { recursive: true }).filter(isSegment);
    await expect.poll(() => segments().length, { timeout: 15_000 }).toBe(4);
    for (const host of hosts) await host.close();
    expect(endpoint.spans.map(({ name }) => name).sort()).toEqual(
      ["a", "b", "c", "d"].flatMap((name) => [name, name, name]),
    );
    expect(readdirSync(directory)).toEqual([]);
  }, 60_000);
});

const isSegment = (path: string | Buffer): boolean => String(path).endsWith(".log");
