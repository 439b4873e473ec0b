import { registry } from "../registry.ts";

/**
 * Calls `fire` when an application's signal is aborted; returns its undoing. One listener serves
 * all runs of a signal, because a server's own signal has thousands of them, and Node warns of a
 * leak from the eleventh on.
 */
export const watchSignal = (signal: AbortSignal, fire: () => void): (() => void) => {
  const watch = registry.signals.get(signal) ?? begin(signal);
  watch.fires.add(fire);
  return () => {
    watch.fires.delete(fire);
    if (watch.fires.size > 0 || registry.signals.get(signal) !== watch) return;
    registry.signals.delete(signal);
    signal.removeEventListener("abort", watch.listener);
  };
};

/** What is to be called when a signal is aborted, and the one listener that does. */
export interface SignalWatch {
  readonly fires: Set<() => void>;
  readonly listener: () => void;
}

const begin = (signal: AbortSignal): SignalWatch => {
  const fires = new Set<() => void>();
  const listener = (): void => {
    for (const fire of fires) fire();
  };
  const watch = { fires, listener };
  registry.signals.set(signal, watch);
  signal.addEventListener("abort", listener, { once: true });
  return watch;
};
