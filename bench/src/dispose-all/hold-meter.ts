/** Watches the event loop. */
export interface HoldMeter {
  /** Gives the longest time for which the loop did not come round, in ms. */
  stop(): number;
}

/**
 * Comes round with every turn of the event loop, and notes the longest gap: what a request that
 * arrives meanwhile waits at most.
 */
export const startHoldMeter = (): HoldMeter => {
  let longest = 0;
  let last = performance.now();
  let running = true;
  const note = (): void => {
    const at = performance.now();
    longest = Math.max(longest, at - last);
    last = at;
  };
  const tick = (): void => {
    note();
    if (running) setImmediate(tick);
  };
  setImmediate(tick);
  return {
    stop() {
      running = false;
      note();
      return longest;
    },
  };
};

/** Resolves in the next turn of the event loop. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
