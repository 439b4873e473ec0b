import { BOUNDS, LONGEST_ANSWER } from "./bounds.ts";

/** Why something that a backend may hold is not in the account. */
export type Reason =
  | "full_page"
  | "traces"
  | "spans"
  | "searches"
  | "rounds"
  | "bytes"
  | "absent"
  | "too_large"
  | "partial"
  | "rejected";

/** Counts what is left out, and says it: nothing is lost silently. */
export interface LeftOut {
  readonly add: (reason: Reason, count?: number) => void;
  /** One sentence for each reason that there was. */
  readonly sentences: () => readonly string[];
}

/** What was left out of the answers of a backend, which messages call by its name. */
export function createLeftOut(name: string): LeftOut {
  const counts = new Map<Reason, number>();
  return {
    add: (reason, count = 1) => {
      if (count > 0) counts.set(reason, (counts.get(reason) ?? 0) + count);
    },
    sentences: () => [...counts].map(([reason, count]) => `${name}: ${SENTENCES[reason](count)}`),
  };
}

const SENTENCES: Readonly<Record<Reason, (count: number) => string>> = {
  full_page: (count) =>
    `${times(count)} more traces began at one moment than one answer holds, and the rest of them is left out`,
  traces: () =>
    `more than ${BOUNDS.traces} traces: what began first is left out, a shorter --since gives all of less`,
  spans: () =>
    `more than ${BOUNDS.spans} spans with lifecycle.* attributes: further traces are left out`,
  searches: () =>
    `more than ${BOUNDS.searches} searches: what they would have found is left out, a shorter --since needs fewer`,
  rounds: () =>
    `more than ${BOUNDS.rounds} steps from action to action: what comes then is left out`,
  bytes: () =>
    `more than ${BOUNDS.bytes / 2 ** 30} GiB of answers: what would have followed is left out`,
  absent: (count) => `traces that are named and are not there, or not any more: ${count}`,
  too_large: (count) => `traces of more than ${LONGEST_ANSWER / 2 ** 20} MiB, left out: ${count}`,
  partial: (count) => `traces that it gave in part only: ${count}`,
  rejected: (count) => `spans without a valid trace and span id left out: ${count}`,
};

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
