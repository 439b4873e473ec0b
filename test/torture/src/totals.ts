import type { Finding } from "./compare/finding.ts";
import type { TrialResult } from "./driver/trial.ts";

/** What a torture amounts to: the form of `--json`. */
export interface Totals {
  readonly trials: number;
  /** Runs that certainly began. */
  readonly runs: number;
  /** Of these, and of actions, those that never arrived. */
  readonly lost: number;
  /** Spans that arrived once more. */
  readonly duplicated: number;
  /** Of these, those whose first acknowledgement was not lost. */
  readonly duplicatedOutsideWindow: number;
  /** Spans with something untrue about them, and what never was. */
  readonly wrong: number;
}

export const NOTHING: Totals = {
  trials: 0,
  runs: 0,
  lost: 0,
  duplicated: 0,
  duplicatedOutsideWindow: 0,
  wrong: 0,
};

/** The totals with one more trial. */
export const added = (totals: Totals, { runs, findings }: TrialResult): Totals => {
  const count = (type: Finding["type"]): number =>
    findings.filter((finding) => finding.type === type).length;
  return {
    trials: totals.trials + 1,
    runs: totals.runs + runs,
    lost: totals.lost + count("lost"),
    duplicated: totals.duplicated + count("duplicated"),
    duplicatedOutsideWindow: totals.duplicatedOutsideWindow + count("duplicatedOutsideWindow"),
    wrong: totals.wrong + count("wrong"),
  };
};

/** True if nothing was lost, sent again without need, or untrue. */
export const isClean = ({ lost, duplicatedOutsideWindow, wrong }: Totals): boolean =>
  lost + duplicatedOutsideWindow + wrong === 0;
