import type { GapCode } from "../incident/gap-code.ts";
import type { RetryAdvice } from "../incident/retry-advice.ts";
import type { Told } from "../told.ts";
import { ADVICE, type AdviceRow } from "./advice-table.ts";

/**
 * What may be done next, conservative where facts are missing: more tools that ran, more that they
 * may have done, or less that is known of it never make it bolder. Where a gap is open that could
 * change it, it says which, and is one step less confident.
 */
export const adviceFor = (told: Told): RetryAdvice => {
  const row = ADVICE.find(({ when }) => when(told)) ?? NOTHING_HOLDS;
  const missing = missingFrom(told);
  const unknown = row.open.filter((gap) => missing.has(gap));
  const confidence = unknown.length === 0 ? row.confidence : LESS[row.confidence];
  return { recommendation: row.recommendation, confidence, reason: row.reason, unknown };
};

// The boundary is a fact, too: whoever names it unknown may have left the gap out.
const missingFrom = ({ gaps, facts }: Told): ReadonlySet<GapCode> =>
  new Set(
    facts.side_effects.boundary === "unknown" ? [...gaps, "side_effect.boundary_unknown"] : gaps,
  );

const LESS = { high: "medium", medium: "low", low: "low" } as const;

const NOTHING_HOLDS: Omit<AdviceRow, "when"> = {
  recommendation: "unknown",
  confidence: "low",
  reason: "unknown",
  open: [],
};
