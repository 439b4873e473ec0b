import type { GapCode } from "./gap-code.ts";

/** What may be done next. It is advice: nothing here retries. */
export type RetryRecommendation =
  | "auto_retry"
  | "offer_continue"
  | "offer_resume_with_confirmation"
  | "ask_user_before_retry"
  | "do_not_retry"
  | "unknown";

export interface RetryAdvice {
  readonly recommendation: RetryRecommendation;
  readonly confidence: "high" | "medium" | "low";
  /** A token that names the row of the table. */
  readonly reason: string;
  /** What is not known that would change the advice; codes of gaps. */
  readonly unknown: readonly GapCode[];
}
