/** What ends a command before it is done, between two of its steps. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Why, in words; undefined while it goes on. */
  readonly reason: () => string | undefined;
  /** Stops listening. */
  readonly undo: () => void;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Stops at SIGINT, SIGTERM or after some milliseconds, whichever comes first. */
export function createStop(timeoutMs: number): Stop {
  const controller = new AbortController();
  let reason: string | undefined;
  const stop = (why: string): void => {
    reason ??= why;
    controller.abort();
  };
  const timer = setTimeout(() => stop(`stopped after ${timeoutMs / 1000} s`), timeoutMs);
  // Not once: under a package manager one Ctrl-C arrives twice, from the terminal and from the
  // parent, and the second would end the process in the middle of an export.
  const listener = (signal: NodeJS.Signals): void => stop(`stopped by ${signal}`);
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    signal: controller.signal,
    reason: () => reason,
    undo: () => {
      clearTimeout(timer);
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}
