import { AsyncResource } from "node:async_hooks";
import { type Context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { guarded, type ManagedRun, noteBounded } from "@otel-lifecycle/api/internal";
import type { Outlets } from "./outlets.ts";
import type { Untold } from "./untold.ts";

/** Tells incidents, and hands them to the outlets, without holding up who ends many runs. */
export interface Deferral {
  /** False where nobody would take an incident. */
  isWanted(): boolean;
  add(untold: Omit<Untold, "isOneOfMany">): void;
  /** Resolves once what waits is told and out, or cannot get out now. Never rejects. */
  flush(): Promise<void>;
  /** The same before it returns. Never throws. */
  flushSync(): void;
}

/** So many a turn of the event loop are told at once; further ones in later turns. */
const AT_ONCE = 16;

/** How much of a later turn is used, in ms. */
const TURN_MS = 3;

/** With so many ahead of it, one is one of many. */
const MANY = 64;

/** How many are told between two looks at the clock. */
const BATCH = 16;

/** How many are told at exit before they are written: what a file writes then at a time. */
const BATCH_AT_EXIT = 1_024;

/** How many wait to be told, each with its evidence; further ones are dropped and counted. */
const MAX_WAITING = 32_768;

export const createDeferral = (outlets: Outlets): Deferral => {
  const waiting: Untold[] = [];
  let toldAtOnce = 0;
  let isScheduled = false;
  let flushes = 0;
  const tell = (untold: Untold): void => {
    const { run, isOneOfMany } = untold;
    const incident = untold.tell();
    if (incident !== undefined) outlets.sink({ incident, context: contextOf(run), isOneOfMany });
  };
  // In the run's context, because it is somebody else's turn.
  const tellLater = (untold: Untold): void => {
    guarded(WHAT, () => untold.run.with(() => tell(untold)));
  };
  const tellSome = (): void => {
    const until = performance.now() + TURN_MS;
    while (waiting.length > 0 && performance.now() < until) {
      for (const untold of waiting.splice(0, BATCH)) tellLater(untold);
    }
    if (waiting.length === 0) process.removeListener("exit", flushSync);
  };
  // In the context of who began to record: the turn is no run's.
  const openTurn = AsyncResource.bind(() => {
    isScheduled = false;
    toldAtOnce = 0;
    // A flush sees to them, and no faster than the writer takes them.
    if (flushes > 0) return;
    tellSome();
    if (waiting.length > 0) schedule();
  });
  const schedule = (): void => {
    if (!isScheduled) setImmediate(openTurn);
    isScheduled = true;
  };
  const flushSync = (): void => {
    do {
      for (const untold of waiting.splice(0, BATCH_AT_EXIT)) tellLater(untold);
      outlets.flushSync();
    } while (waiting.length > 0);
  };
  return {
    isWanted: outlets.isWanted,
    add(given) {
      schedule();
      const isOneOfMany = toldAtOnce + waiting.length >= MANY;
      const untold = { ...given, isOneOfMany };
      if (waiting.length === 0 && toldAtOnce < AT_ONCE) {
        toldAtOnce += 1;
        tell(untold);
      } else if (waiting.length < MAX_WAITING) {
        if (waiting.push(untold) === 1) process.once("exit", flushSync);
      } else {
        noteBounded(WHAT, "too many incidents wait to be told, and some are dropped.");
      }
    },
    async flush() {
      flushes += 1;
      for (; waiting.length > 0; await nextTurn()) {
        tellSome();
        await outlets.flush();
      }
      flushes -= 1;
      await outlets.flush();
    },
    flushSync,
  };
};

// Nothing ran in the context of an automatic run, so it has none.
const contextOf = ({ context, span }: ManagedRun): Context =>
  context === ROOT_CONTEXT ? trace.setSpan(ROOT_CONTEXT, span) : context;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const WHAT = "incidents";
