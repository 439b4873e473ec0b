/** Runs in flight that can be disposed of, once. */
export interface Fleet {
  /** Resolves once every run has unwound and the action's span has ended. */
  disposeAll(): Promise<Disposal>;
}

export interface Disposal {
  /** How long the caller was held before its own code went on, in ms. */
  readonly callerWait: number;
}

/** What the runs are called, and in how many scopes they are. */
export const RUN_NAME = "agent run";
export const SCOPES = 10;

/** What a run does: it waits, and unwinds with the reason of its abort. */
export const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** Counts runs that have unwound; all that their caller does with them. */
export interface Unwound {
  readonly all: Promise<void>;
  one(): void;
}

export const countUnwound = (count: number): Unwound => {
  let left = count;
  let resolveAll: () => void = () => undefined;
  return {
    all: new Promise((resolve) => {
      resolveAll = resolve;
    }),
    one() {
      left -= 1;
      if (left === 0) resolveAll();
    },
  };
};
