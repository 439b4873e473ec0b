import { type Evidence, NOTHING_OMITTED, type Omitted } from "../evidence.ts";
import { createOmissions, mergeGaps } from "./omissions.ts";
import { byRank, ranksOf } from "./priority.ts";

/** A record in memory: that it was said again is counted on it. */
export interface Kept {
  readonly record: { -readonly [F in keyof Evidence]: Evidence[F] };
  /** Where it stands, also if it has no order of its own. */
  place: number;
  /** How many were taken out between it and the next that is kept. */
  gap: number;
  /** It was taken out. */
  gone: boolean;
}

/** At most `limit` records, in order; what is taken out is counted, with where. */
export interface Retention {
  add(record: Evidence): Kept;
  /** Gives one that is kept an earlier place and time. */
  moveTo(one: Kept, moment: Moment): void;
  evidence(): readonly Evidence[];
  omitted(): Omitted;
}

/** Where and when something was. */
interface Moment {
  readonly order: number;
  readonly at: number | undefined;
}

export const createRetention = (limit: number): Retention => {
  const kept: Kept[] = [];
  const omissions = createOmissions(NOTHING_OMITTED);
  let gapBeforeFirst = 0;
  const takeOut = (index: number): void => {
    const [out] = kept.splice(index, 1);
    if (out === undefined) return;
    out.gone = true;
    omissions.add(out.record);
    leaveGap(index, out.gap + 1);
  };
  const leaveGap = (index: number, count: number): void => {
    const before = kept[index - 1];
    if (before === undefined) gapBeforeFirst += count;
    else before.gap += count;
  };
  const insert = (one: Kept): void => {
    kept.splice(kept.findLastIndex((other) => other.place <= one.place) + 1, 0, one);
  };
  return {
    add(record) {
      const place = record.order ?? kept.at(-1)?.place ?? 0;
      const one: Kept = { record: { ...record }, place, gap: 0, gone: false };
      insert(one);
      if (kept.length > limit) takeOut(weakestOf(kept, limit));
      return one;
    },
    moveTo(one, { order, at }) {
      if (one.gone) return;
      const index = kept.indexOf(one);
      kept.splice(index, 1);
      leaveGap(index, one.gap);
      Object.assign(one, { place: order, gap: 0 });
      Object.assign(one.record, { order, ...(at !== undefined && { at }) });
      insert(one);
    },
    evidence: () => kept.map(({ record }) => ({ ...record })),
    omitted: () => ({ ...omissions.counts(), gaps: gapsIn(kept, gapBeforeFirst) }),
  };
};

const weakestOf = (kept: readonly Kept[], limit: number): number => {
  const ranks = ranksOf({ evidence: kept.map(({ record }) => record), limit });
  const compare = byRank(ranks);
  return kept.reduce((worst, _, index) => (compare(worst, index) < 0 ? index : worst), 0);
};

const gapsIn = (kept: readonly Kept[], beforeFirst: number): Omitted["gaps"] => {
  let after: number | undefined;
  const gaps = kept.map(({ record, gap }) => {
    after = record.order ?? after;
    return { after, count: gap };
  });
  return mergeGaps([{ after: undefined, count: beforeFirst }, ...gaps]);
};
