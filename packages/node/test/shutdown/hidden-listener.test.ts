import { EventEmitter, getEventListeners, listenerCount } from "node:events";
import { afterEach, expect, test } from "vitest";
import { hideListener, trueListeners } from "../../src/shutdown/hidden-listener.ts";

// A signal, for the types of `process`; one that nobody listens to here.
const EVENT = "SIGWINCH";
const [ours, theirs] = [(): void => undefined, (): void => undefined];
const unhide = hideListener(ours);

afterEach(() => {
  unhide();
  process.removeAllListeners(EVENT);
});

test("whoever counts the process's listeners counts without ours, until it is undone (rule 20)", () => {
  const told = (): unknown => ({
    listeners: process.listeners(EVENT),
    rawListeners: process.rawListeners(EVENT).length,
    listenerCount: process.listenerCount(EVENT),
    ofOne: Reflect.apply(process.listenerCount, process, [EVENT, theirs]),
    events: [listenerCount(process, EVENT), getEventListeners(process, EVENT).length],
  });
  process.on(EVENT, ours);
  const alone = told();
  process.once(EVENT, theirs);
  const beside = told();
  expect({ alone, beside, all: trueListeners(EVENT) }).toEqual({
    alone: { listeners: [], rawListeners: 0, listenerCount: 0, ofOne: 0, events: [0, 0] },
    beside: { listeners: [theirs], rawListeners: 1, listenerCount: 1, ofOne: 1, events: [1, 1] },
    all: [ours, theirs],
  });
  unhide();
  expect({ count: process.listenerCount(EVENT), method: process.listenerCount }).toEqual({
    count: 2,
    method: EventEmitter.prototype.listenerCount,
  });
});
