import type { Evidence } from "../evidence.ts";

/** Evidence in the one order that it has, whatever the order it was given in. */
export interface Ordered {
  readonly evidence: readonly Evidence[];
  /** Some of it does not say where it belongs. */
  readonly isIncomplete: boolean;
}

/**
 * By place on the counter, then by time, then by content. What has no place goes by time among the
 * others, and what has neither before all: there it counts as a fact, and moves no cause after it;
 * only the run's end goes last.
 */
export const inOrder = (given: readonly Evidence[]): Ordered => {
  if (isAscending(given)) return { evidence: given, isIncomplete: false };
  const placed = given.filter(hasPlace).sort(byPlace);
  const loose = given.filter((one) => !hasPlace(one)).sort(byTime);
  if (loose.length === 0) return { evidence: placed, isIncomplete: false };
  return { evidence: merged(placed, loose), isIncomplete: true };
};

// As a log keeps it: then there is nothing to sort.
const isAscending = (given: readonly Evidence[]): boolean => {
  let last: Evidence | undefined;
  for (const one of given) {
    if (!hasPlace(one) || (last !== undefined && !isBefore(last, one))) return false;
    last = one;
  }
  return true;
};

const isBefore = (a: Evidence, b: Evidence): boolean =>
  a.order === b.order ? timeOf(a) < timeOf(b) : Number(a.order) < Number(b.order);

const hasPlace = ({ order }: Evidence): boolean => Number.isFinite(order);

const byPlace = (a: Evidence, b: Evidence): number =>
  Number(a.order) - Number(b.order) || byTime(a, b);

const byTime = (a: Evidence, b: Evidence): number => {
  const [left, right] = [timeOf(a), timeOf(b)];
  // Subtracted, two that have no time would give NaN.
  if (left !== right) return left < right ? -1 : 1;
  return byContent(a, b);
};

// That a run ended is never what it began with.
const timeOf = ({ at, type }: Evidence): number => {
  if (at !== undefined && Number.isFinite(at)) return at;
  return type === "run_ended" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
};

const byContent = (a: Evidence, b: Evidence): number => {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left === right ? 0 : left < right ? -1 : 1;
};

// Each one that has no place goes before the first that was seen later.
const merged = (placed: readonly Evidence[], loose: readonly Evidence[]): readonly Evidence[] => {
  const all: Evidence[] = [];
  let next = 0;
  for (const one of placed) {
    for (let at = loose[next]; at !== undefined; at = loose[next]) {
      if (timeOf(at) > timeOf(one) || (timeOf(at) === timeOf(one) && hasTime(one))) break;
      all.push(at);
      next += 1;
    }
    all.push(one);
  }
  return [...all, ...loose.slice(next)];
};

const hasTime = (one: Evidence): boolean => timeOf(one) !== Number.NEGATIVE_INFINITY;
