import type { LegacyClassification, LegacyForm } from "../incident/legacy-form.ts";
import type { Told } from "../told.ts";
import { classificationOf } from "./classification.ts";
import { retrySafetyOf } from "./retry-safety.ts";
import { suffixOf } from "./summary-suffix.ts";

/** The same in the older form, for those who read that: three fields and what is missing. */
export const legacyFor = (told: Told): LegacyForm => {
  const classification = classificationOf(told);
  return {
    classification,
    summary_key: `${classification}.${suffixOf(classification, told)}`,
    retry_safety: retrySafetyOf(classification, told),
    ...missingProvenanceOf(classification),
  };
};

/** A run that completed has no incident; the older form has a word for it. */
export const legacyOfCompleted = (): LegacyForm => ({
  classification: "success",
  summary_key: "success.completed",
  retry_safety: {
    recommendation: "unknown",
    confidence: "high",
    reason: "completed_without_failure",
  },
});

const missingProvenanceOf = (
  classification: LegacyClassification,
): Pick<LegacyForm, "missing_provenance"> =>
  classification === "unknown_scope_close"
    ? { missing_provenance: ["lifecycle.close_requested"] }
    : {};
