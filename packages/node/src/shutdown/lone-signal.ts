import process from "node:process";
import { attempt } from "./attempt.ts";
import type { LastFlush } from "./last-flush.ts";

/** The end of a process by a signal that nobody else listens to. */
export interface LoneSignal {
  /** The signal has come; it alone would have ended the process. */
  readonly received: (signal: NodeJS.Signals) => void;
  /** Ends the process by the signal that has come; nothing where none has. */
  readonly raise: () => void;
}

/** What the end of a process by a signal needs. */
export interface LoneSignalOptions {
  /** Begins the shutdown, if none is under way. */
  readonly begin: (signal: NodeJS.Signals) => void;
  readonly lastFlush: LastFlush;
  /** In ms; 0 re-raises at once. */
  readonly timeoutMs: number;
  /** Called before the signal is raised again: no listener of ours may come any more. */
  readonly freeze: () => void;
}

/**
 * Ends what is in flight, sends it within `timeoutMs` and raises the signal again, so that the
 * process dies of it as it would have. A second signal raises the first again at once.
 */
export const createLoneSignal = ({
  begin,
  lastFlush,
  timeoutMs,
  freeze,
}: LoneSignalOptions): LoneSignal => {
  let pending: NodeJS.Signals | undefined;

  return { received, raise };

  function received(signal: NodeJS.Signals): void {
    if (pending !== undefined) raise();
    else {
      pending = signal;
      let isUnderWay = false;
      try {
        begin(signal);
        if (timeoutMs === 0) endAndRaise();
        else flushAndRaise(signal);
        isUnderWay = true;
      } finally {
        // Whatever failed here, the process has to die of its signal.
        if (!isUnderWay) raise();
      }
    }
  }

  function endAndRaise(): void {
    lastFlush.runSync();
    raise();
  }

  function flushAndRaise(signal: NodeJS.Signals): void {
    // Holds the process, because it has to die of the signal and not of having nothing to do.
    setTimeout(() => {
      lastFlush.sayLost();
      raise();
    }, timeoutMs);
    const endLateOnes = (): void => {
      // What began while that was under way goes by the same signal.
      if (lastFlush.isInFlight()) begin(signal);
      lastFlush.runSync();
    };
    lastFlush.run().then(endLateOnes).then(raise, raise);
  }

  function raise(): void {
    attempt("end by a signal", () => {
      if (pending === undefined) return;
      const signal = pending;
      pending = undefined;
      attempt("end by a signal", lastFlush.close);
      freeze();
      // Also those that came during the flush: without us the process would have been gone.
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    });
  }
};
