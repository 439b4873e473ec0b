/** A share of each turn of the event loop. */
export interface Turn {
  /** Has `step` work as long as it is told that there is time: what is left of the share. */
  use(step: (hasTime: () => boolean) => void): void;
}

/** `next` is called in the turn after one that was used. */
export const createTurn = (shareMs: number, next: () => void): Turn => {
  let spent = 0;
  let isUsed = false;
  const open = (): void => {
    spent = 0;
    isUsed = false;
    next();
  };
  return {
    use: (step) => {
      if (!isUsed) setImmediate(open);
      isUsed = true;
      const until = performance.now() + shareMs - spent;
      step(() => performance.now() < until);
      spent = shareMs - (until - performance.now());
    },
  };
};
