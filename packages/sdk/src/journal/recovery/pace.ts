/** Work in turns of the event loop, because a start has better things to do. */
export interface Pace {
  /** Undefined while there is time left in this turn, else what resolves in the next one. */
  rest(): Promise<void> | undefined;
}

/** The share of a turn: what comes between two looks at the clock is on top. */
const SHARE_MS = 4;

/** Resolves in the next turn: what comes then has a share of its own. */
export const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

export const createPace = (): Pace => {
  let until = performance.now() + SHARE_MS;
  return {
    rest: () => {
      if (performance.now() < until) return undefined;
      return nextTurn().then(() => {
        until = performance.now() + SHARE_MS;
      });
    },
  };
};
