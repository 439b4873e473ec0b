import { readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { plainRecords, recordsOf, segmentsIn } from "../plain-reader.ts";
import { logging, temporaryFolder } from "./logging.ts";

const FIRST = "00000001.log";

describe("the log of a journal", () => {
  test("a record is in the file when the call returns", () => {
    const { log, path } = logging();
    const file = join(path, FIRST);
    const seen: unknown[] = [];
    const look = () => seen.push(plainRecords(readFileSync(file)).at(-1));
    log.head("H", 0, '{"v":1}');
    look();
    log.head("S", log.next(), '{"scope":{"name":"a"}}');
    look();
    const n = log.next();
    expect(log.begin("B", n, '{"n":"run"}')).toBe(true);
    look();
    log.append("C", n, '{"q":1}');
    look();
    log.append("E", n, '{"et":[1,2]}');
    look();
    log.retire([n]);
    look();
    expect(seen).toEqual([
      { type: "H", n: 0, body: { v: 1 } },
      { type: "S", n: 1, body: { scope: { name: "a" } } },
      { type: "B", n: 2, body: { n: "run" } },
      { type: "C", n: 2, body: { q: 1 } },
      { type: "E", n: 2, body: { et: [1, 2] } },
      { type: "A", n: 0, body: [2] },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("what was not begun, or was retired, is not written", () => {
    const { log, path } = logging();
    log.append("E", 1, "{}");
    log.begin("B", 2, "{}");
    log.retire([1, 2, 2, 3]);
    log.retire([2]);
    log.append("E", 2, "{}");
    log.ended(2, "other");
    expect(recordsOf(path)).toEqual([
      { type: "B", n: 2, body: {} },
      { type: "A", n: 0, body: [2, 2] },
    ]);
    expect(log.size).toEqual({ spans: 0, liveBytes: 0, bytes: 15 + 18, segments: 1, givenUp: 0 });
  });

  test("every segment begins with the last header and all sources", async () => {
    const { log, path } = logging({ segmentBytes: 1000 });
    log.head("H", 0, '{"v":1}');
    log.head("S", 1, '{"s":1}');
    for (let n = 10; n < 40; n += 1) log.begin("B", n, `{"n":"${"x".repeat(50)}"}`);
    log.head("S", 2, '{"s":2}');
    log.head("H", 0, '{"v":1,"incidents":true}');
    for (let n = 40; n < 80; n += 1) log.begin("B", n, `{"n":"${"x".repeat(50)}"}`);
    await setImmediate();
    const heads = segmentsIn(path).map((name) =>
      plainRecords(readFileSync(join(path, name)))
        .filter(({ type }) => type === "H" || type === "S")
        .map(({ type, body }) => [type, body]),
    );
    const first = [
      ["H", { v: 1 }],
      ["S", { s: 1 }],
    ];
    const second = [
      ["S", { s: 2 }],
      ["H", { v: 1, incidents: true }],
    ];
    const all = [
      ["H", { v: 1, incidents: true }],
      ["S", { s: 1 }],
      ["S", { s: 2 }],
    ];
    expect(heads).toEqual([first, first, [...first, ...second], all, all, all]);
  });

  test("where something of the first segment's name is there, it is off, and says so once", () => {
    const path = temporaryFolder();
    const elsewhere = join(temporaryFolder(), "elsewhere");
    writeFileSync(elsewhere, "untouched");
    symlinkSync(elsewhere, join(path, FIRST));
    const { log, offs } = logging({ path });
    log.head("H", 0, "{}");
    expect([log.isOn, log.begin("B", 1, "{}"), offs, readFileSync(elsewhere, "utf8")]).toEqual([
      false,
      false,
      ["its first segment could not be made"],
      "untouched",
    ]);
  });
});
