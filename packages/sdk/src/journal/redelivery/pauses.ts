/** When the next batch is tried. No timer of it holds the process. */
export interface Pauses {
  /** The endpoint takes what it is sent: the next one follows in half a second. */
  quicken(): void;
  /** It does not: the next one follows after a pause, from 1 s on, which doubles up to 60 s. */
  slacken(): void;
  /** For good. */
  stop(): void;
}

/** Calls `step` after the pause that was asked for last. */
export const createPauses = (step: () => void): Pauses => {
  let pauseMs = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let isSoon = false;
  let isStopped = false;
  const arm = (ms: number): void => {
    if (isStopped) return;
    clearTimeout(timer);
    isSoon = ms === BETWEEN_MS;
    timer = setTimeout(() => {
      isSoon = false;
      step();
    }, ms);
    timer.unref();
  };
  return {
    quicken: () => {
      pauseMs = FIRST_PAUSE_MS;
      // Under a stream of fresh spans, each of which says so, it would else never come.
      if (!isSoon) arm(BETWEEN_MS);
    },
    slacken: () => {
      arm(pauseMs);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
};

/** So that fresh spans, which are sent meanwhile, have the endpoint nearly to themselves. */
const BETWEEN_MS = 500;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
