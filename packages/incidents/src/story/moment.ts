import type { Evidence } from "../evidence.ts";
import type { Story } from "./story.ts";

/** Until when evidence says how far the run had got. */
export interface Moment {
  readonly index: number;
  readonly at: number | undefined;
}

/** That of a piece of evidence; of none, the run's end. */
export const momentOf = ({ evidence, endedAt }: Story, observed: number | undefined): Moment => {
  const index = observed ?? (endedAt < 0 ? evidence.length - 1 : endedAt);
  return { index, at: evidence[index]?.at };
};

/**
 * True if it was seen by then. By time where both have one, because the place of a request is that
 * of its initiation, and it is met later; by place where times are equal or missing.
 */
export const isSeenBy = ({ at }: Evidence, index: number, moment: Moment): boolean =>
  at === undefined || moment.at === undefined || at === moment.at
    ? index <= moment.index
    : at < moment.at;

/** When it was seen last, in ms on the monotonic clock. */
const lastSeen = ({ at, lastAt }: Evidence): number | undefined => lastAt ?? at;

/**
 * Which of two was seen last, the second being behind the first in order: the first only if it was
 * repeated after the second.
 */
export const latest = (first: Evidence | undefined, second: Evidence): Evidence => {
  if (first?.lastAt === undefined) return second;
  const seen = lastSeen(second);
  return seen !== undefined && first.lastAt > seen ? first : second;
};

/** How often it was said: a safe integer, at least 1. */
export const timesOf = ({ count }: Evidence): number =>
  Number.isSafeInteger(count) && count > 1 ? count : 1;
