/** One line on a terminal that says how far something has got. */
export interface ProgressLine<Progress> {
  readonly show: (progress: Progress) => void;
  /** Leaves nothing of it on the screen. */
  readonly clear: () => void;
}

const ERASE_LINE = "\r\u001b[2K";
// Faster than this nobody reads, and each write blocks.
const INTERVAL_MS = 100;

/** Shows on a terminal only: a log would keep each step. */
export function createProgressLine<Progress>(
  stream: NodeJS.WriteStream,
  textOf: (progress: Progress) => string,
): ProgressLine<Progress> {
  let isShown = false;
  let nextAt = 0;
  return {
    show: (progress) => {
      const now = performance.now();
      if (!stream.isTTY || now < nextAt) return;
      nextAt = now + INTERVAL_MS;
      isShown = true;
      stream.write(`${ERASE_LINE}${textOf(progress)}`);
    },
    clear: () => {
      if (isShown) stream.write(ERASE_LINE);
      isShown = false;
    },
  };
}

// What takes less needs none.
const LOG_INTERVAL_MS = 5000;

/** The same where nothing can be drawn again: a line every 5 s. */
export function createProgressLog<Progress>(
  say: (line: string) => void,
  textOf: (progress: Progress) => string,
): ProgressLine<Progress> {
  let nextAt = performance.now() + LOG_INTERVAL_MS;
  return {
    show: (progress) => {
      const now = performance.now();
      if (now < nextAt) return;
      nextAt = now + LOG_INTERVAL_MS;
      say(textOf(progress));
    },
    clear: () => undefined,
  };
}
