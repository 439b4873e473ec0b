import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { MAX_RECORD_BYTES } from "../../../dist/journal/format/record.js";
import type { JournalLog } from "../../../dist/journal/log/journal-log.js";
import { sizesFor } from "../../../dist/journal/log/sizes.js";
import { liveIn, recordsOf } from "../plain-reader.ts";
import { logging } from "./logging.ts";

const MIB = 1 << 20;
const BODY = JSON.stringify({ text: "x".repeat(400) });

/** Begins spans until one is refused; gives their numbers. */
const fill = (log: JournalLog): number[] => {
  const begun: number[] = [];
  for (let n = log.next(); log.begin("B", n, BODY); n = log.next()) begun.push(n);
  return begun;
};

const liveNumbers = (path: string): number[] => [...liveIn(recordsOf(path)).keys()];

describe("the size of the log", () => {
  test("what begins, ends and is retired leaves a few segments, however much it was", async () => {
    const { log, offs } = logging({ segmentBytes: 20_000 });
    let most = 0;
    let numbers: number[] = [];
    for (let run = 0; run < 40_000; run += 1) {
      const n = log.next();
      log.begin("B", n, BODY);
      log.append("E", n, "{}");
      log.ended(n, "completed");
      numbers.push(n);
      if (numbers.length < 50) continue;
      log.retire(numbers);
      numbers = [];
      await setImmediate();
      most = Math.max(most, log.size.bytes);
    }
    expect(offs).toEqual([]);
    expect(most).toBeLessThan(6 * 20_000);
  });

  test("beside one that goes on it is below six segments, and that one is kept", async () => {
    const { log, path } = logging({ segmentBytes: 20_000 });
    log.begin("B", log.next(), '{"long":true}');
    let most = 0;
    for (let run = 0; run < 10_000; run += 1) {
      const n = log.next();
      log.begin("B", n, BODY);
      log.retire([n]);
      if (run % 40 === 0) await setImmediate();
      most = Math.max(most, log.size.bytes);
    }
    expect(most).toBeLessThan(6 * 20_000);
    expect(liveNumbers(path)).toEqual([1]);
  });

  test("in one go, with no turn of the event loop, it stays below its limit", () => {
    const { log, path, offs } = logging({ maxBytes: MIB });
    const open: number[] = [];
    let refused = 0;
    let most = 0;
    for (let run = 0; run < 20_000; run += 1) {
      const n = log.next();
      if (!log.begin("B", n, BODY)) refused += 1;
      else if (run % 50 === 0) open.push(n);
      else log.retire([n]);
      most = Math.max(most, log.size.bytes);
    }
    expect({ refused, offs }).toEqual({ refused: 0, offs: [] });
    expect(most).toBeLessThanOrEqual(MIB);
    expect(liveNumbers(path).sort((a, b) => a - b)).toEqual(open);
  });
});

describe("at the limit of the log", () => {
  test("beginnings are refused and counted when all are open, until there is room", async () => {
    const { log, path } = logging({ maxBytes: MIB });
    const begun = fill(log);
    expect(log.size.givenUp).toBe(1);
    expect(log.size.bytes).toBeLessThanOrEqual(MIB);
    expect(begun.length * BODY.length).toBeGreaterThan(MIB / 2);
    expect(log.begin("B", log.next(), BODY)).toBe(false);
    expect(log.size).toMatchObject({ spans: begun.length, givenUp: 2 });
    const gone = begun.splice(0, begun.length / 2);
    log.retire(gone);
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
    const more = fill(log);
    expect(more.length).toBeGreaterThan(gone.length / 2);
    expect(liveNumbers(path).sort((a, b) => a - b)).toEqual([...begun, ...more]);
  });

  test("a span that is open ends there, and is found ended", () => {
    const { log, path } = logging({ maxBytes: MIB });
    const [first = 0] = fill(log);
    log.append("E", first, '{"et":[1,2]}');
    expect(liveIn(recordsOf(path)).get(first)).toEqual(new Set([`B ${BODY}`, 'E {"et":[1,2]}']));
  });

  test("completed spans are given up first, the one that ended first before the others, then other ended ones", () => {
    const { log, path } = logging({ maxBytes: MIB });
    const begun = fill(log);
    const third = Math.floor(begun.length / 3);
    const other = begun.slice(0, third);
    const completed = begun.slice(third, 2 * third);
    const open = begun.slice(2 * third);
    for (const n of other) log.ended(n, "other");
    for (const n of completed.toReversed()) log.ended(n, "completed");
    const order = [...completed.toReversed(), ...other];
    const known = new Set(begun);
    for (let run = 0; run < 2 * third + 10; run += 1) {
      const n = log.next();
      if (!log.begin("B", n, BODY)) break;
      const left = new Set(liveIn(recordsOf(path)).keys());
      const gone = order.filter((one) => !left.has(one));
      expect(gone).toEqual(order.slice(0, gone.length));
      expect(open.every((one) => left.has(one))).toBe(true);
      known.add(n);
      expect(left.size).toBe(known.size - gone.length);
      run += 100;
    }
    expect(log.size.givenUp).toBeGreaterThan(1);
  });

  test("what is exported meanwhile is not given up", () => {
    const { log } = logging({ maxBytes: MIB });
    const begun = fill(log);
    for (const n of begun) log.ended(n, "completed");
    log.retire(begun);
    for (let run = 0; run < 200; run += 1) log.begin("B", log.next(), BODY);
    expect(log.size.givenUp).toBe(1);
  });
});

describe("a record that is too long", () => {
  const tooLong = JSON.stringify({ text: "é".repeat(MAX_RECORD_BYTES / 2) });

  test("is no beginning", () => {
    const { log, path } = logging();
    expect(log.begin("B", 1, tooLong)).toBe(false);
    expect([log.size.givenUp, log.isOn, recordsOf(path)]).toEqual([1, true, []]);
  });

  test("is no source", () => {
    const { log, path } = logging();
    expect([log.head("S", 1, tooLong), recordsOf(path)]).toEqual([false, []]);
  });

  test("as an end gives the span up, because it would be taken for lost", () => {
    const { log, path } = logging();
    log.begin("B", 1, "{}");
    log.append("E", 1, tooLong);
    expect([log.size.givenUp, liveNumbers(path)]).toEqual([1, []]);
  });

  test("as evidence is left out", () => {
    const { log, path } = logging();
    log.begin("B", 1, "{}");
    log.append("V", 1, tooLong);
    expect([log.size.givenUp, liveNumbers(path)]).toEqual([0, [1]]);
  });
});

test("sources are refused when all heads are more than a segment", () => {
  const { log } = logging({ segmentBytes: 1000 });
  const source = JSON.stringify("x".repeat(400 - 15));
  const taken = [1, 2, 3].map((n) => log.head("S", n, source));
  expect(taken).toEqual([true, true, false]);
  expect(log.head("S", 2, JSON.stringify("x".repeat(600 - 15)))).toBe(true);
  expect(log.head("S", 2, JSON.stringify("x".repeat(601 - 15)))).toBe(false);
});

test("an action that is kept stays with its acknowledgement, and no span counts it", async () => {
  const { log, path } = logging({ segmentBytes: 2000 });
  log.begin("B", log.next(), '{"c":{"final":true}}');
  log.keep(1);
  log.append("D", 1, '{"q":2}');
  log.retire([1]);
  expect(log.size.spans).toBe(0);
  for (let run = 0; run < 500; run += 1) {
    const n = log.next();
    log.begin("B", n, BODY);
    log.retire([n]);
    await setImmediate();
    const records = recordsOf(path);
    expect(records.some(({ type, n: of }) => type === "B" && of === 1)).toBe(true);
    expect(records.some(({ type, n: of }) => type === "D" && of === 1)).toBe(true);
    expect(liveIn(records).size).toBe(0);
  }
});

test("the limits follow from the least and the greatest that is allowed", () => {
  expect([sizesFor(MIB).segment, sizesFor(16 * 1024 * MIB).segment]).toEqual([MIB / 16, MIB]);
});
