import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EmitTap, type Tap, tapEmit } from "../../src/shutdown/emit-tap.ts";

const EVENT = "lifecycle-test";

let tap: EmitTap;
let seen: unknown[];

const around: Tap = (args, emit) => {
  seen.push(args);
  return emit();
};
const emit = (...args: readonly unknown[]): boolean =>
  Reflect.apply(process.emit, process, [EVENT, ...args]);

beforeEach(() => {
  seen = [];
  tap = tapEmit(new Map([[EVENT, around]]));
});

afterEach(() => {
  tap.undo();
  process.removeAllListeners(EVENT);
  Reflect.deleteProperty(process, "emit");
});

describe("process.emit stays what it was for everybody else (rule 20)", () => {
  test("listeners get the same this and arguments, the emitter the same result", () => {
    const calls: unknown[] = [];
    const before = emit(1);
    process.on(EVENT, function (this: unknown, ...args: unknown[]) {
      calls.push([this === process, args]);
    });
    expect({ before, after: emit(1, 2), calls, seen }).toEqual({
      before: false,
      after: true,
      calls: [[true, [1, 2]]],
      seen: [[1], [1, 2]],
    });
  });

  test("what a listener throws comes out as it is", () => {
    const torn = new Error("torn");
    process.on(EVENT, () => {
      throw torn;
    });
    expect(() => emit()).toThrow(torn);
    expect(() => emit()).toThrow(torn);
    expect(seen).toHaveLength(2);
  });

  test("an emission within one of the same event only passes", () => {
    let depth = 0;
    process.on(EVENT, () => {
      if ((depth += 1) < 3) emit(depth);
    });
    emit(0);
    expect({ depth, seen }).toEqual({ depth: 3, seen: [[0]] });
  });

  test("it is no property that shows, and undone it is none at all", () => {
    const keys = Object.keys(process).includes("emit");
    tap.undo();
    expect({ keys, own: Object.hasOwn(process, "emit"), emit: process.emit }).toEqual({
      keys: false,
      own: false,
      emit: EventEmitter.prototype.emit,
    });
  });
});

describe("a library that replaces process.emit and puts it back does not lose us (rule 20)", () => {
  test("one that calls what it found stands on ours", () => {
    const found = process.emit;
    process.emit = ((...all: [string]) => Reflect.apply(found, process, all)) as typeof found;
    tap.renew();
    emit();
    expect(seen).toEqual([[]]);
  });

  test("one that puts back what stood there before us is tapped anew", () => {
    process.emit = EventEmitter.prototype.emit as typeof process.emit;
    emit();
    tap.renew();
    emit(1);
    tap.renew();
    emit(2);
    expect(seen).toEqual([[1], [2]]);
  });

  test("undone below another's wrapper, it only passes on", () => {
    const found = process.emit;
    const theirs = ((...all: [string]) => Reflect.apply(found, process, all)) as typeof found;
    process.emit = theirs;
    tap.undo();
    emit();
    tap.renew();
    expect({ seen, isTheirs: process.emit === theirs }).toEqual({ seen: [], isTheirs: true });
  });
});
