import {
  existsSync,
  fstatSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { liveIn, recordsOf } from "../plain-reader.ts";
import { type Logging, logging } from "./logging.ts";
import { around } from "./watched-calls.ts";

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** That a log is off: it says why, once, and nothing is done any more. */
const expectOff = ({ log, offs, path }: Logging, reason: string): void => {
  const before = existsSync(path) ? recordsOf(path).length : 0;
  expect(log.begin("B", 100, "{}")).toBe(false);
  log.append("E", 1, "{}");
  log.ended(1, "other");
  log.retire([1]);
  expect(log.head("H", 0, "{}")).toBe(false);
  log.close();
  expect({ offs, isOn: log.isOn }).toEqual({ offs: [reason], isOn: false });
  expect(log.size.givenUp).toBe(0);
  expect(existsSync(path) ? recordsOf(path).length : 0).toBe(before);
};

describe("the log goes off, once, and throws nothing", () => {
  test.each(["ENOSPC", "EIO", "EDQUOT", "EROFS"])("when a write fails with %s", (code) => {
    const made = logging();
    made.log.begin("B", 1, "{}");
    let isFull = true;
    around(
      "writeSync",
      (real) =>
        ((...given: Parameters<typeof real>) => {
          if (isFull) throw failure(code);
          return real(...given);
        }) as typeof real,
    );
    made.log.append("E", 1, "{}");
    isFull = false;
    expectOff(made, "a write failed");
  });

  test("when a write is short", () => {
    const made = logging();
    made.log.begin("B", 1, "{}");
    let isShort = true;
    around(
      "writeSync",
      (real) =>
        ((fd: number, bytes: Uint8Array, at: number, length: number) =>
          real(fd, bytes, at, isShort ? length - 1 : length)) as typeof real,
    );
    expect(made.log.begin("B", 2, "{}")).toBe(false);
    isShort = false;
    expectOff(made, "a write failed");
    expect(liveIn(recordsOf(made.path))).toEqual(new Map([[1, new Set(["B {}"])]]));
  });

  test("when a new segment cannot be made", () => {
    const made = logging({ segmentBytes: 200 });
    made.log.begin("B", 1, "{}");
    writeFileSync(join(made.path, "00000002.log"), "");
    for (let n = 2; n < 20; n += 1) made.log.begin("B", n, '{"a":"long enough"}');
    expectOff(made, "a write failed");
  });

  test("when its folder was deleted behind its back, at the next segment", () => {
    const made = logging({ segmentBytes: 200 });
    rmSync(made.path, { recursive: true });
    for (let n = 1; n < 20; n += 1) made.log.begin("B", n, '{"a":"long enough"}');
    expectOff(made, "a write failed");
  });

  test("when a segment cannot be deleted", async () => {
    const made = logging({ segmentBytes: 200 });
    around("unlinkSync", () => () => {
      throw failure("EACCES");
    });
    for (let n = 1; n < 20; n += 1) {
      made.log.begin("B", n, '{"a":"long enough"}');
      made.log.retire([n]);
    }
    await setImmediate();
    expectOff(made, "a segment could not be cleaned");
  });

  test("also if who is told throws", () => {
    const { log } = logging({
      onOff: () => {
        throw new Error("the listener's");
      },
    });
    around("writeSync", () => () => {
      throw failure("ENOSPC");
    });
    expect([log.begin("B", 1, "{}"), log.isOn]).toEqual([false, false]);
  });
});

describe("slow writes", () => {
  const slowAt = (slow: readonly number[]): Logging => {
    const made = logging();
    let call = 0;
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    around(
      "writeSync",
      (real) =>
        ((...given: Parameters<typeof real>) => {
          call += 1;
          now += slow.includes(call) ? 51 : 50;
          return real(...given);
        }) as typeof real,
    );
    for (let n = 1; n <= 7; n += 1) made.log.begin("B", n, "{}");
    vi.restoreAllMocks();
    return made;
  };

  test("of over 50 ms, four in a row switch it off", () => {
    expectOff(slowAt([2, 3, 4, 5]), "4 writes in a row took over 50 ms each");
  });

  test("do not, with one among them that was not", () => {
    const { log, offs } = slowAt([1, 2, 3, 5, 6, 7]);
    expect({ offs, isOn: log.isOn, spans: log.size.spans }).toEqual({
      offs: [],
      isOn: true,
      spans: 7,
    });
  });
});

test.each(["EMFILE", "ENFILE"])(
  "with no descriptor left (%s) it goes on in the segment that is open",
  async (code) => {
    const { log, path, offs } = logging({ segmentBytes: 200 });
    let isShort = true;
    around("openSync", (real) => (...given) => {
      if (isShort) throw failure(code);
      return real(...given);
    });
    for (let n = 1; n < 20; n += 1) log.begin("B", n, '{"a":"long enough"}');
    expect(log.size).toMatchObject({ segments: 1, spans: 19 });
    isShort = false;
    for (let n = 20; n < 40; n += 1) log.begin("B", n, '{"a":"long enough"}');
    await setImmediate();
    expect(offs).toEqual([]);
    expect(log.size.segments).toBeGreaterThan(2);
    expect(liveIn(recordsOf(path)).size).toBe(39);
  },
);

test("the log has one descriptor, however many segments it had, and none once it is closed", async () => {
  const { log, path } = logging({ segmentBytes: 500 });
  for (let n = 1; n < 200; n += 1) {
    log.begin("B", n, "{}");
    if (n % 10 === 0) await setImmediate();
    expect(openFiles(path)).toBe(1);
  }
  log.close();
  expect(openFiles(path)).toBe(0);
});

/** How many descriptors of this process are of the folder's files. */
const openFiles = (path: string): number => {
  const files = inodes(path);
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return files.has(fstatSync(Number(fd)).ino);
    } catch {
      // The one that listed them is gone.
      return false;
    }
  }).length;
};

const inodes = (path: string): Set<number> =>
  new Set(readdirSync(path).map((name) => statSync(join(path, name)).ino));

describe("the sign of life", () => {
  test("is touched every 5 s where nothing was written, and not after the end", () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { log, path } = logging();
      const file = join(path, "00000001.log");
      const touched = (ms: number): boolean => {
        utimesSync(file, 1, 1);
        vi.advanceTimersByTime(ms);
        return statSync(file).mtimeMs > 1000;
      };
      expect([touched(4999), touched(1), touched(5000)]).toEqual([false, true, true]);
      log.begin("B", 1, "{}");
      expect([touched(5000), touched(5000)]).toEqual([false, true]);
      log.close();
      expect(touched(20_000)).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("with syncIntervalMs", () => {
  test("what was written is synced, never two at once, and nothing when nothing was", async () => {
    let running = 0;
    let most = 0;
    let syncs = 0;
    around(
      "fdatasync",
      (real) =>
        ((fd: number, done: (error: Error | null) => void) => {
          syncs += 1;
          running += 1;
          most = Math.max(most, running);
          real(fd, (error) => {
            running -= 1;
            done(error);
          });
        }) as typeof real,
    );
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { log, offs, path } = logging({ syncIntervalMs: 10, segmentBytes: 500 });
      const settled = (total: number): Promise<void> =>
        vi.waitFor(() => expect([syncs, running]).toEqual([total, 0]), { timeout: 10_000 });
      for (let n = 1; n < 11; n += 1) log.begin("B", n, "{}");
      expect(readdirSync(path)).toHaveLength(1);
      vi.advanceTimersByTime(30);
      await settled(1);
      await setImmediate();
      for (let n = 11; n < 60; n += 1) log.begin("B", n, "{}");
      expect(readdirSync(path)).toHaveLength(2);
      vi.advanceTimersByTime(30);
      await settled(3);
      await vi.waitFor(() => {
        vi.advanceTimersByTime(1000);
        expect(openFiles(path)).toBe(1);
      });
      expect({ offs, most, syncs }).toEqual({ offs: [], most: 1, syncs: 3 });
    } finally {
      vi.useRealTimers();
    }
  });

  test("a sync that fails switches it off", async () => {
    around(
      "fdatasync",
      () => ((_: number, done: (error: Error) => void) => done(failure("EIO"))) as never,
    );
    const made = logging({ syncIntervalMs: 10 });
    made.log.begin("B", 1, "{}");
    await vi.waitFor(() => expect(made.offs).toHaveLength(1), { timeout: 10_000 });
    expectOff(made, "a sync to the disk failed");
  });
});
