import type { GapCode } from "../incident/gap-code.ts";
import type { RetryAdvice } from "../incident/retry-advice.ts";
import type { Told } from "../told.ts";
import {
  holdsGaps,
  isKnownToRead,
  isUnobserved,
  isUnsafe,
  mayGoAway,
  onlyReads,
  toolBrokenOff,
  toolRan,
  wouldBreakAgain,
} from "./advice-facts.ts";

/** One row: where it holds, this is the advice. */
export interface AdviceRow extends Omit<RetryAdvice, "unknown"> {
  readonly when: (told: Told) => boolean;
  /** Which gaps, if they were filled, could lead to another row. */
  readonly open: readonly GapCode[];
}

const NONE: readonly GapCode[] = [];

const EFFECTS: readonly GapCode[] = [
  "side_effect.boundary_unknown",
  "evidence.ordering_missing",
  "tool.materialization_missing",
  "tool_execution.start_missing",
  "tool_input.start_missing",
];

const ALL: readonly GapCode[] = [
  "lifecycle.close_requested",
  "lifecycle.request_context_missing",
  ...EFFECTS,
];

/**
 * What may be done next; the first row that holds stands. What is not to be retried comes first,
 * then what a tool did or may have done, then where nothing says that a retry could work, and only
 * then the offers: so that one more tool, or one fact less, never makes the advice bolder.
 */
// biome-ignore format: a table
export const ADVICE: readonly AdviceRow[] = [
  { when: ({ cause }) => cause === "user_cancel", recommendation: "do_not_retry", confidence: "high", reason: "user_cancel", open: NONE },
  { when: closedByNobody, recommendation: "do_not_retry", confidence: "medium", reason: "local_lifecycle_close", open: NONE },
  { when: ({ cause }) => cause === "local_lifecycle_close", recommendation: "do_not_retry", confidence: "high", reason: "local_lifecycle_close", open: NONE },
  { when: (told) => told.cause === "provider_api_error" && wouldBreakAgain(told), recommendation: "do_not_retry", confidence: "high", reason: "provider_api_error", open: NONE },
  { when: wouldBreakAgain, recommendation: "do_not_retry", confidence: "medium", reason: "failure_not_retryable", open: NONE },

  { when: ({ facts }) => facts.side_effects.happened.some(isUnsafe), recommendation: "ask_user_before_retry", confidence: "high", reason: "unsafe_side_effect_started", open: NONE },
  { when: toolBrokenOff, recommendation: "ask_user_before_retry", confidence: "high", reason: "tool_execution_interrupted", open: NONE },
  { when: ({ facts }) => facts.side_effects.provider_executed, recommendation: "ask_user_before_retry", confidence: "medium", reason: "provider_executed_tools", open: NONE },
  { when: (told) => toolRan(told) && !onlyReads(told), recommendation: "ask_user_before_retry", confidence: "medium", reason: "tool_execution_started", open: EFFECTS },
  { when: holdsGaps, recommendation: "ask_user_before_retry", confidence: "medium", reason: "side_effect_facts_incomplete", open: EFFECTS },
  { when: callMayWrite, recommendation: "ask_user_before_retry", confidence: "medium", reason: "tool_call_materialized_without_execution", open: EFFECTS },
  { when: callIsUnclassified, recommendation: "ask_user_before_retry", confidence: "medium", reason: "side_effect_facts_incomplete", open: EFFECTS },

  { when: (told) => told.subcause === "client_disconnect" && !sawText(told), recommendation: "unknown", confidence: "low", reason: "client_disconnect", open: ALL },
  { when: (told) => isUnexplained(told) && !sawText(told), recommendation: "unknown", confidence: "low", reason: "cause_unknown", open: ALL },
  { when: isUnobserved, recommendation: "unknown", confidence: "low", reason: "stream_not_observed", open: EFFECTS },
  { when: (told) => !mayGoAway(told) && !sawText(told), recommendation: "unknown", confidence: "low", reason: "retryability_unknown", open: EFFECTS },

  { when: toolRan, recommendation: "offer_resume_with_confirmation", confidence: "medium", reason: "read_only_tools_completed", open: EFFECTS },
  { when: ({ facts }) => facts.tools.not_executed > 0, recommendation: "offer_continue", confidence: "medium", reason: "tool_call_materialized_without_execution", open: EFFECTS },
  { when: ({ facts }) => facts.tools.input_pending > 0, recommendation: "offer_continue", confidence: "medium", reason: "partial_tool_input_without_execution", open: EFFECTS },
  { when: (told) => sawText(told) && isUnexplained(told), recommendation: "offer_continue", confidence: "low", reason: "visible_output_without_tool_execution", open: ALL },
  { when: sawText, recommendation: "offer_continue", confidence: "high", reason: "visible_output_without_tool_execution", open: EFFECTS },

  { when: ({ facts }) => facts.stream.reasoning, recommendation: "auto_retry", confidence: "medium", reason: "reasoning_only_without_final_text_or_tool_activity", open: EFFECTS },
  { when: () => true, recommendation: "auto_retry", confidence: "high", reason: "no_visible_output_or_tool_execution", open: EFFECTS },
];

function sawText({ facts }: Told): boolean {
  return facts.stream.text;
}

function closedByNobody({ cause, subcause, action }: Told): boolean {
  return (
    cause === "local_lifecycle_close" &&
    (subcause === "unknown_lifecycle_close" || (subcause === undefined && action === undefined))
  );
}

function isUnexplained({ cause }: Told): boolean {
  return cause === "crash_or_restart_incomplete" || cause === "unknown_interruption";
}

function callMayWrite({ facts: { side_effects } }: Told): boolean {
  return side_effects.pending.some(isUnsafe);
}

function callIsUnclassified({ facts: { tools, side_effects } }: Told): boolean {
  return (
    (tools.not_executed > 0 || side_effects.pending.length > 0) &&
    !isKnownToRead(side_effects.pending)
  );
}
