import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { trueListeners } from "../../src/shutdown/hidden-listener.ts";
import { type LoneListeners, listenAlone } from "../../src/shutdown/lone-listeners.ts";

// A signal that neither Vitest nor Node listens to.
const SIGNAL = "SIGWINCH";

let listeners: LoneListeners | undefined;

afterEach(() => {
  listeners?.undo();
  process.removeAllListeners(SIGNAL);
});

const watch = (): readonly string[] => {
  const received: string[] = [];
  listeners = listenAlone(
    [SIGNAL],
    (signal) => received.push(signal),
    () => undefined,
  );
  return received;
};

const emit = (...args: readonly unknown[]): boolean =>
  Reflect.apply(process.emit, process, [SIGNAL, SIGNAL, ...args]);

describe("a listener of ours is there if and only if there is no other (rule 20)", () => {
  const WAYS = ["on", "once", "prependListener", "prependOnceListener"] as const;
  const step = fc.oneof(
    fc.record({ type: fc.constant("add"), way: fc.constantFrom(...WAYS), which: fc.nat(3) }),
    fc.record({ type: fc.constant("remove"), which: fc.nat(3) }),
    fc.record({ type: fc.constant("remove all") }),
    fc.record({ type: fc.constant("emit") }),
    // Steps before it are in one turn.
    fc.record({ type: fc.constant("turn") }),
  );

  test("after any sequence of additions, removals and signals", async () => {
    await fc.assert(
      fc
        .asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const received = watch();
          const calls: number[] = [];
          const theirs = [0, 1, 2, 3].map((which) => () => void calls.push(which));
          let model: { which: number; once: boolean }[] = [];
          const expected: { calls: number[]; alone: number } = { calls: [], alone: 0 };
          for (const one of steps) {
            if (one.type === "turn") await Promise.resolve();
            else if (one.type === "remove all") {
              process.removeAllListeners(SIGNAL);
              model = [];
            } else if (one.type === "emit") {
              // A signal comes in a turn of its own.
              await Promise.resolve();
              emit(28);
              if (model.length === 0) expected.alone += 1;
              expected.calls.push(...model.map(({ which }) => which));
              model = model.filter(({ once }) => !once);
            } else if ("way" in one) {
              process[one.way](SIGNAL, theirs[one.which] ?? (() => undefined));
              const entry = { which: one.which, once: /once/i.test(one.way) };
              model = one.way.startsWith("prepend") ? [entry, ...model] : [...model, entry];
            } else if ("which" in one) {
              process.removeListener(SIGNAL, theirs[one.which] ?? (() => undefined));
              const index = model.findLastIndex(({ which }) => which === one.which);
              if (index >= 0) model.splice(index, 1);
            }
          }
          await Promise.resolve();
          const ours = trueListeners(SIGNAL).length - model.length;
          const told = [process.listenerCount(SIGNAL), process.rawListeners(SIGNAL).length];
          expect(told).toEqual([model.length, model.length]);
          expect({ ours, calls, alone: received.length }).toEqual({
            ours: model.length === 0 ? 1 : 0,
            ...expected,
          });
        })
        .afterEach(() => {
          listeners?.undo();
          process.removeAllListeners(SIGNAL);
        }),
      { numRuns: 500 },
    );
  });

  test("a real signal reaches the application's listener that took ours' place", async () => {
    watch();
    const arrived = new Promise((resolve) => process.once(SIGNAL, resolve));
    process.kill(process.pid, SIGNAL);
    expect(await arrived).toBe(SIGNAL);
  });

  test("one that came and went in one turn leaves ours with the signal", async () => {
    const received = watch();
    const theirs = (): void => undefined;
    process.on(SIGNAL, theirs);
    process.off(SIGNAL, theirs);
    process.kill(process.pid, SIGNAL);
    await expect.poll(() => received).toEqual([SIGNAL]);
  });

  test("the second of the application's that comes in one turn finds ours gone", () => {
    watch();
    process.on(SIGNAL, () => undefined);
    process.on(SIGNAL, () => undefined);
    // Node counts them before it warns of a leak.
    expect(trueListeners(SIGNAL)).toHaveLength(2);
  });

  test("it takes no signal for one that is emitted by hand", () => {
    const received = watch();
    emit();
    expect(received).toEqual([]);
  });

  test("undone, it is gone, and comes back no more", () => {
    watch();
    listeners?.undo();
    const theirs = (): void => undefined;
    process.on(SIGNAL, theirs);
    process.off(SIGNAL, theirs);
    expect(trueListeners(SIGNAL)).toEqual([]);
    expect(Object.hasOwn(process, "listenerCount")).toBe(false);
  });
});
