// The ways in which a process ends, and where each is met:
//
//   SIGTERM, SIGINT     beside other listeners before them, in `process.emit` (`aroundSignal`);
//                       alone by a listener of ours (`lone-listeners.ts`, `lone-signal.ts`)
//   SIGHUP, SIGUSR2     as those; beside others only remembered (`reload-memory.ts`)
//   node --watch        its SIGTERM (`trigger.ts`)
//   cluster workers     the end of their channel (`aroundDisconnect`), then exit or a signal
//   beforeExit          after the application's listeners (`aroundBeforeExit`)
//   process.exit(), uncaught exceptions, unhandled rejections, the natural end
//                       after the application's listeners of `exit` (`aroundExit`)
//   provider.shutdown() in LifecycleSpanProcessor, which finds the shutdown under way
//
// In a worker thread there are no signals, and `exit` and `beforeExit` are the thread's own: what
// is in flight in it ends with it.
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import type { Pipeline } from "../pipeline.ts";
import { attempt } from "./attempt.ts";
import { begin, beginAround, MAY_LIVE_ON_MS } from "./begin.ts";
import { type Tap, tapEmit } from "./emit-tap.ts";
import { watchExit } from "./exit.ts";
import { createLastFlush } from "./last-flush.ts";
import { listenAlone } from "./lone-listeners.ts";
import { createLoneSignal } from "./lone-signal.ts";
import { createReloadMemory } from "./reload-memory.ts";
import { disconnectTrigger, runtimeTrigger, signalTrigger } from "./trigger.ts";
import { watchUncaught } from "./uncaught.ts";

/** What {@link watchProcess} takes. */
export interface WatchOptions {
  /** How long the process may be held at its end to send what is in flight, in ms; 0 is off. */
  readonly timeoutMs: number;
}

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR2"] as const;
// Beside an application's own listener these often ask for its configuration to be read again.
const RELOADS: readonly NodeJS.Signals[] = ["SIGHUP", "SIGUSR2"];

/**
 * Watches for the end of the process: covers what is in flight at the first trigger, and ends and
 * sends it before the process goes, through the pipeline that is current then. How the process
 * ends is what it would have been. Returns its undoing. Nothing it does later throws.
 */
export const watchProcess = (
  currentPipeline: () => Pipeline | undefined,
  { timeoutMs }: WatchOptions,
): (() => void) => {
  const lastFlush = createLastFlush(currentPipeline, timeoutMs);
  const memory = createReloadMemory(MAY_LIVE_ON_MS);
  const uncaught = watchUncaught();
  const loneSignal = createLoneSignal({
    begin: (signal) => begin(signalTrigger(signal)),
    lastFlush,
    timeoutMs,
    freeze: () => listeners.freeze(),
  });
  const exit = watchExit({
    lastFlush,
    trigger: () => {
      const origin = uncaught.origin();
      return origin === undefined ? memory.recall() : runtimeTrigger(origin);
    },
    exited: loneSignal.raise,
    isAsync: timeoutMs > 0,
  });

  const tap = tapEmit(
    new Map<string, Tap>([
      ...SIGNALS.map((signal) => [signal, aroundSignal(signal)] as const),
      ["beforeExit", exit.aroundBeforeExit],
      ["exit", exit.aroundExit],
      ["disconnect", aroundDisconnect],
      ["uncaughtException", aroundUncaught],
    ]),
  );
  // A signal's listener is bound to `process.emit`, so the tap comes first. On Windows a signal
  // cannot be raised again such that the process ends as it would have.
  const mayListen = isMainThread && process.platform !== "win32";
  const listeners = listenAlone(mayListen ? SIGNALS : [], receivedAlone, tap.renew);

  return () => {
    listeners.undo();
    tap.undo();
    exit.undo();
    uncaught.undo();
  };

  function aroundSignal(signal: NodeJS.Signals): Tap {
    return ([, number], emit) => {
      // One that the application emits by hand would meet nobody without us.
      if (!listeners.hasOthers(signal)) return typeof number === "number" ? emit() : false;
      const trigger = signalTrigger(signal);
      if (!RELOADS.includes(signal)) return beginAround(trigger, emit);
      memory.remember(trigger);
      return emit();
    };
  }

  function aroundUncaught(_args: readonly unknown[], emit: () => boolean): boolean {
    let isDealtWith: boolean | undefined;
    try {
      isDealtWith = emit();
    } finally {
      // What a listener of it throws ends the process, and nobody hears of `exit`.
      if (isDealtWith === undefined && uncaught.origin() !== undefined) exit.finish();
    }
    if (isDealtWith) uncaught.dealtWith();
    return isDealtWith;
  }

  function receivedAlone(signal: NodeJS.Signals): void {
    // The kernel ignores what the first process of a namespace raises against itself.
    if (process.pid !== 1) loneSignal.received(signal);
    else begin({ ...signalTrigger(signal), settleTimeoutMs: MAY_LIVE_ON_MS });
  }
};

const aroundDisconnect: Tap = (_args, emit) => {
  const trigger = attempt("disconnect", disconnectTrigger);
  return trigger === undefined ? emit() : beginAround(trigger, emit);
};
