import process from "node:process";
import { attempt } from "./attempt.ts";
import { hideListener, trueListeners } from "./hidden-listener.ts";

/** Called with a signal that nobody else listens to. */
export type LoneListener = (signal: NodeJS.Signals) => void;

/** Listeners of ours that are there only while there is no other. */
export interface LoneListeners {
  /** True if others listen to the signal. */
  readonly hasOthers: (signal: NodeJS.Signals) => boolean;
  /** From here on no listener comes or goes. */
  readonly freeze: () => void;
  readonly undo: () => void;
}

/**
 * Listens to each of `signals` while nobody else does, and is not told of to those who count
 * listeners. It keeps no process alive. `changed` is called, in a microtask, after
 * a listener of one of the signals has come or gone.
 */
export const listenAlone = (
  signals: readonly NodeJS.Signals[],
  listener: LoneListener,
  changed: () => void,
): LoneListeners => {
  const ours = (name: NodeJS.Signals, number?: unknown): void => {
    // One that the application emits by hand is no signal: Node's own come with their number.
    if (typeof number === "number" && !hasOthers(name)) attempt("signal", () => listener(name));
  };
  const watched: ReadonlySet<string> = new Set(signals);
  const isWatched = (event: string | symbol): event is NodeJS.Signals =>
    typeof event === "string" && watched.has(event);
  let isFrozen = false;

  // Not at once for the first other: it is not there yet, and with the last listener Node would
  // close the signal's handle, which the new one then has not. A signal itself comes in a later
  // turn. For the second at once, because Node warns of the eleventh, which would be the tenth.
  const added = (event: string | symbol): void => {
    if (!isWatched(event)) return;
    attempt("listener of a signal", () => leave(event));
    queueMicrotask(() => settle(event));
  };
  // At once: one that removes itself and then re-raises (nodemon's way, signal-exit's) is to find
  // ours in its place. Ours goes later in any case: `removeAllListeners` cannot bear that a
  // listener goes between two of its own removals.
  const removed = (event: string | symbol): void => {
    if (!isWatched(event)) return;
    attempt("listener of a signal", () => take(event));
    queueMicrotask(changed);
  };

  const unhide = hideListener(ours);
  process.on("newListener", added);
  process.on("removeListener", removed);
  for (const signal of signals) take(signal);

  return {
    hasOthers,
    freeze: () => {
      isFrozen = true;
    },
    undo: () => {
      isFrozen = true;
      process.removeListener("newListener", added);
      process.removeListener("removeListener", removed);
      for (const signal of signals) process.removeListener(signal, ours);
      unhide();
    },
  };

  function settle(signal: NodeJS.Signals): void {
    attempt("listener of a signal", () => leave(signal));
    changed();
  }

  function leave(signal: NodeJS.Signals): void {
    if (!isFrozen && hasOthers(signal)) process.removeListener(signal, ours);
  }

  function take(signal: NodeJS.Signals): void {
    if (isFrozen || hasOthers(signal)) return;
    if (!trueListeners(signal).includes(ours)) process.on(signal, ours);
    // Node, which counts as well, has closed the signal's handle with the last of the others. Ours
    // comes back, with a new one, when it sees itself go.
    else process.removeListener(signal, ours);
  }

  function hasOthers(signal: NodeJS.Signals): boolean {
    return trueListeners(signal).some((one) => one !== ours);
  }
};
