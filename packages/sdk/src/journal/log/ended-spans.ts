import type { LiveSpan, LiveSpans, Worth } from "./live-spans.ts";

/** The spans that have ended and are not retired, in the order in which they can be given up. */
export interface EndedSpans {
  add(n: number, worth: Exclude<Worth, "open">): void;
  /** Takes out the next: completed ones first, of these the one that ended first. */
  take(): Ended | undefined;
}

export interface Ended {
  readonly n: number;
  readonly span: LiveSpan;
}

export const createEndedSpans = (spans: LiveSpans): EndedSpans => {
  const completed = createQueue();
  const other = createQueue();
  const find = (queue: Queue, worth: Worth): Ended | undefined => {
    for (let n = queue.take(); n !== undefined; n = queue.take()) {
      const span = spans.get(n);
      if (span?.worth === worth && !span.isKept) return { n, span };
    }
    return undefined;
  };
  return {
    add: (n, worth) => {
      const queue = worth === "completed" ? completed : other;
      queue.add(n, (one) => spans.get(one)?.worth === worth);
    },
    take: () => find(completed, "completed") ?? find(other, "other"),
  };
};

interface Queue {
  add(n: number, isStill: (n: number) => boolean): void;
  take(): number | undefined;
}

/**
 * Those that were retired stay in until there are twice as many as were left the last time: to take
 * each out when it goes would cost every run as much as a map does.
 */
const createQueue = (): Queue => {
  let numbers: number[] = [];
  let taken = 0;
  let most = MIN_LENGTH;
  return {
    add: (n, isStill) => {
      if (numbers.length >= most) {
        numbers = numbers.slice(taken).filter(isStill);
        taken = 0;
        most = Math.max(MIN_LENGTH, 2 * numbers.length);
      }
      numbers.push(n);
    },
    take: () => (taken < numbers.length ? numbers[taken++] : undefined),
  };
};

const MIN_LENGTH = 1024;
