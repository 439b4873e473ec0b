import { guarded } from "@otel-lifecycle/api/internal";
import { NONE_LEFT } from "./none-left.ts";
import type { LeftReason, RecoveryOptions, RecoveryResult } from "./recovery.ts";

/** What a recovery counts. */
export interface Tally {
  journals: number;
  spans: number;
  exported: number;
  lost: number;
  refused: number;
  damaged: number;
  readonly left: Record<LeftReason, number>;
  /** Tells whoever wants to know how far it is. */
  report(): void;
}

export const createTally = ({ onProgress }: RecoveryOptions): Tally => {
  const tally: Tally = {
    journals: 0,
    spans: 0,
    exported: 0,
    lost: 0,
    refused: 0,
    damaged: 0,
    left: { ...NONE_LEFT },
    report: () => {
      if (onProgress === undefined) return;
      const { journals, spans, exported } = tally;
      guarded("onProgress", () => onProgress({ journals, spans, exported }));
    },
  };
  return tally;
};

export const resultOf = (
  { journals, spans, exported, lost, refused, damaged, left }: Tally,
  isComplete: boolean,
): RecoveryResult => ({
  journals,
  spans,
  exported,
  lost,
  refused,
  damaged,
  left,
  isComplete,
});
