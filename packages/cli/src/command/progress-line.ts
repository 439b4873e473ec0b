import type { Progress } from "../backend/story.ts";

/** One line on a terminal that says how far something has got. */
export interface ProgressLine {
  readonly show: (progress: Progress) => void;
  /** Leaves nothing of it on the screen. */
  readonly clear: () => void;
}

const ERASE_LINE = "\r\u001b[2K";
// Faster than this nobody reads, and each write blocks.
const INTERVAL_MS = 100;

/** Shows on a terminal only: a log would keep each step. */
export function createProgressLine(stream: NodeJS.WriteStream, name: string): ProgressLine {
  let isShown = false;
  let nextAt = 0;
  return {
    show: ({ fetched, found }) => {
      const now = performance.now();
      if (!stream.isTTY || now < nextAt) return;
      nextAt = now + INTERVAL_MS;
      isShown = true;
      stream.write(`${ERASE_LINE}${name}: ${fetched} of ${found} traces`);
    },
    clear: () => {
      if (isShown) stream.write(ERASE_LINE);
      isShown = false;
    },
  };
}
