/** Does something bit by bit, in turns of the event loop, and keeps no process alive for it. */
export interface Turns {
  /** To be called whenever there may be something to do. */
  wake(): void;
}

/** One `step` a turn, as long as it `isDue` and the last step got anywhere. */
export const createTurns = (isDue: () => boolean, step: () => boolean): Turns => {
  let isWaiting = false;
  const wake = (): void => {
    if (isWaiting || !isDue()) return;
    isWaiting = true;
    setImmediate(turn).unref();
  };
  const turn = (): void => {
    isWaiting = false;
    if (isDue() && step()) wake();
  };
  return { wake };
};
