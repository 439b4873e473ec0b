import { guarded } from "./diagnostics.ts";

/** A timer of ours: it keeps no process alive, and what it does never throws into the host. */
export const startTimer = (what: string, act: () => void, ms: number): NodeJS.Timeout => {
  const timer = setTimeout(() => guarded(what, act), ms);
  // Where a DOM is emulated, timers are numbers.
  (timer as Partial<NodeJS.Timeout>).unref?.();
  return timer;
};
