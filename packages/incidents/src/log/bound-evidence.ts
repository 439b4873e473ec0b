import type { Evidence, Omitted } from "../evidence.ts";
import { createOmissions, mergeGaps } from "./omissions.ts";
import { byRank, ranksOf } from "./priority.ts";

/** How many records an export holds. */
export const MAX_IN_EXPORT = 24;

/** What is to be bounded. */
export interface Boundable {
  /** In order. */
  readonly evidence: readonly Evidence[];
  /** What was taken out of it before. */
  readonly omitted: Omitted;
  /** The initiating and the terminal evidence, which stay. */
  readonly decisive: readonly Evidence[];
  readonly limit: number;
}

/** What is kept, in order, and what is not. */
export interface Bounded {
  readonly evidence: readonly Evidence[];
  readonly omitted: Omitted;
}

/** Keeps what decides, then the newest clean-up and terminal anchors, the first of each type, the newest. */
export const boundEvidence = ({ evidence, omitted, decisive, limit }: Boundable): Bounded => {
  if (evidence.length <= limit) return { evidence, omitted };
  const ranks = ranksOf({ evidence, decisive, limit });
  const stays = new Set([...evidence.keys()].sort(byRank(ranks)).slice(0, limit));
  const omissions = createOmissions(omitted);
  evidence.forEach((one, index) => {
    if (!stays.has(index)) omissions.add(one);
  });
  const gaps = mergeGaps([
    ...gapsFrom(evidence, stays),
    ...omitted.gaps.map(({ after, count }) => ({
      after: lastKept(evidence, stays, after),
      count,
    })),
  ]);
  return {
    evidence: evidence.filter((_, index) => stays.has(index)),
    omitted: { ...omissions.counts(), gaps: inOrder(gaps) },
  };
};

const gapsFrom = (evidence: readonly Evidence[], stays: ReadonlySet<number>): Omitted["gaps"] => {
  let after: number | undefined;
  return evidence.map(({ order }, index) => {
    if (stays.has(index)) after = order ?? after;
    return { after, count: stays.has(index) ? 0 : 1 };
  });
};

/** The order of the last one that stays, up to the one behind which there was a gap. */
const lastKept = (
  evidence: readonly Evidence[],
  stays: ReadonlySet<number>,
  after: number | undefined,
): number | undefined =>
  after === undefined
    ? undefined
    : evidence.findLast(
        ({ order }, index) => stays.has(index) && order !== undefined && order <= after,
      )?.order;

const inOrder = (gaps: Omitted["gaps"]): Omitted["gaps"] =>
  gaps.toSorted((a, b) => (a.after ?? -1) - (b.after ?? -1));
