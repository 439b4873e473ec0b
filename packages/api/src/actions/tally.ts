import type { SpanContext } from "@opentelemetry/api";
import type { RunResult } from "../attributes.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import type { Cover } from "./cover.ts";

/** What became of the runs that an action covered. */
export interface Tally {
  covered: number;
  /** Covered runs that have not ended. */
  pending: number;
  /** Closed by this action. */
  interrupted: number;
  completed: number;
  failed: number;
  /** Closed by something earlier. */
  other: number;
  /** The first that this action closed, for its links. */
  readonly first: SpanContext[];
  /** The last that this action closed, for its interrupt spans. */
  readonly last: Interrupted[];
}

/** A run from being asked to having stopped, in ms on the monotonic clock. */
export interface Interrupted {
  readonly name: string;
  readonly id: string | undefined;
  readonly span: SpanContext;
  readonly from: number;
  /** Undefined while it has not stopped. */
  readonly to: number | undefined;
}

/** An action's span links to at most so many of its runs: spans hold 128 links. */
export const MAX_LINKS = 100;

/** At most so many interrupt spans are made for an action; the other runs are in its counts. */
export const MAX_INTERRUPTS = 1000;

export const createTally = (covered: number): Tally => ({
  covered,
  pending: covered,
  interrupted: 0,
  completed: 0,
  failed: 0,
  other: 0,
  first: [],
  last: [],
});

/** Counts a run that this action closed. */
export const countInterrupted = (tally: Tally, interrupted: Interrupted): void => {
  if (tally.first.length < MAX_LINKS) tally.first.push(interrupted.span);
  tally.last[tally.interrupted % MAX_INTERRUPTS] = interrupted;
  tally.interrupted += 1;
};

/** Counts a run that ended otherwise. */
export const countEnded = (tally: Tally, result: RunResult): void => {
  if (result === "completed") tally.completed += 1;
  else if (result === "failed") tally.failed += 1;
  else tally.other += 1;
};

/** From when on a run that ended, or did not, counts as being interrupted by a cover. */
export const coveredFrom = (run: ManagedRun, cover: Cover): number =>
  // One that began under the cover has its delay from its own beginning.
  run.asked === cover || run.began > cover.seq ? run.askedAt : cover.at;

/** The last `count` runs that an action closed, in the order in which they stopped. */
export const newestOf = ({ last, interrupted }: Tally, count: number): readonly Interrupted[] => {
  const oldest = interrupted % MAX_INTERRUPTS;
  const ordered = [...last.slice(oldest), ...last.slice(0, oldest)];
  return count === 0 ? [] : ordered.slice(-count);
};

export const interruptedOf = (run: ManagedRun, from: number, to?: number): Interrupted => ({
  name: run.name,
  id: run.id,
  span: run.span.spanContext(),
  from,
  to,
});
