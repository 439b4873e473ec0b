import fs, { mkdtempSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JournalLog } from "../../../dist/journal/log/journal-log.js";
import { openLog } from "../../../dist/journal/log/open-log.js";
import { sizesFor } from "../../../dist/journal/log/sizes.js";
import { liveIn, recordsOf, segmentsIn } from "../plain-reader.ts";

/** What a reader has to find: the records of each span that counts. */
type Model = Map<number, Set<string>>;

interface Step {
  readonly type: "begin" | "append" | "retire" | "head" | "turn" | "again";
  /** Picks one of the spans that count. */
  readonly pick: number;
  readonly size: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.oneof(
    { weight: 6, arbitrary: fc.constant("begin" as const) },
    { weight: 6, arbitrary: fc.constant("append" as const) },
    { weight: 7, arbitrary: fc.constant("retire" as const) },
    { weight: 1, arbitrary: fc.constantFrom("head" as const, "again" as const) },
    { weight: 3, arbitrary: fc.constant("turn" as const) },
  ),
  pick: fc.nat(),
  size: fc.nat(60),
});

const SEGMENT_BYTES = 250;

/** Does the step to the log, and says what the model is after it. */
const play = (log: JournalLog, model: Model, { type, pick, size }: Step): (() => void) => {
  const numbers = [...model.keys()];
  const n = numbers[pick % Math.max(1, numbers.length)] ?? 0;
  const json = JSON.stringify({ text: "x".repeat(size), pick });
  switch (type) {
    case "begin": {
      const next = log.next();
      model.set(next, new Set([`B ${json}`]));
      return () => expect(log.begin("B", next, json)).toBe(true);
    }
    case "append":
    case "again":
      model.get(n)?.add(`${type === "again" ? "B" : "E"} ${json}`);
      if (type === "again" && n > 0) return () => expect(log.begin("B", n, json)).toBe(true);
      return () => log.append("E", n, json);
    case "retire": {
      const some = [n, ...numbers.slice(0, pick % 4)];
      for (const one of some) model.delete(one);
      return () => log.retire([...some, 123456]);
    }
    case "head":
      return () => expect(log.head(pick % 2 === 0 ? "H" : "S", 0, '{"v":1}')).toBe(true);
    case "turn":
      return () => undefined;
  }
};

/** What must be there whatever of the step has happened: what counts before it and after it. */
const betweenOf = (before: Model, after: Model): Model => {
  const between: Model = new Map();
  for (const [n, records] of before) {
    if (after.has(n)) between.set(n, records);
  }
  return between;
};

const copyOf = (model: Model): Model => new Map([...model].map(([n, of]) => [n, new Set(of)]));

/** Calls `look` after every call of the system that changes a file. */
const lookingAfterEachCall = (look: () => void): (() => void) => {
  const { writeSync, unlinkSync, openSync } = fs;
  const after =
    <A extends unknown[], R>(real: (...given: A) => R) =>
    (...given: A): R => {
      const result = real(...given);
      look();
      return result;
    };
  fs.writeSync = after(writeSync as (...given: unknown[]) => number) as typeof writeSync;
  fs.unlinkSync = after(unlinkSync);
  fs.openSync = after(openSync);
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, { writeSync, unlinkSync, openSync });
    syncBuiltinESMExports();
  };
};

test("whenever the process is killed, what is on disk is what counted", async () => {
  let looks = 0;
  let cleaned = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 60, maxLength: 300, size: "max" }),
      async (steps) => {
        const path = mkdtempSync(join(tmpdir(), "journal-model-"));
        const offs: unknown[] = [];
        const wrong: string[] = [];
        const model: Model = new Map();
        let before: Model = new Map();
        let isLooking = false;
        const look = (): void => {
          // To read is to open, and is not looked at.
          if (isLooking) return;
          isLooking = true;
          looks += 1;
          const found = liveIn(recordsOf(path));
          const between = betweenOf(before, model);
          // Noted, not thrown: the log would take it for a failure of the disk.
          for (const [n, records] of between) {
            const there = found.get(n);
            for (const record of records)
              if (!there?.has(record)) wrong.push(`no ${record} of ${n}`);
          }
          for (const n of found.keys()) {
            if (!before.has(n) && !model.has(n)) wrong.push(`${n} is there again`);
          }
          isLooking = false;
        };
        const stop = lookingAfterEachCall(look);
        try {
          const log = openLog(
            {
              path,
              maxBytes: 1 << 20,
              syncIntervalMs: undefined,
              onOff: (...why) => offs.push(why),
            },
            sizesFor(1 << 20, SEGMENT_BYTES),
          );
          for (const one of steps) {
            before = copyOf(model);
            play(log, model, one)();
            if (one.type === "turn") await setImmediate();
            before = model;
            look();
          }
          expect({ offs, wrong }).toEqual({ offs: [], wrong: [] });
          expect(liveIn(recordsOf(path))).toEqual(model);
          expect(log.size.spans).toBe(model.size);
          cleaned += segmentsIn(path)[0] === "00000001.log" ? 0 : 1;
          log.close();
        } finally {
          stop();
          rmSync(path, { recursive: true });
        }
      },
    ),
    { numRuns: 20, endOnFailure: true },
  );
  expect([looks > 1000, cleaned > 0]).toEqual([true, true]);
}, 120_000);
