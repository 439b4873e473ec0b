import { isUnobserved, isUnsafe, toolRan } from "../advice/advice-facts.ts";
import type { LegacyForm } from "../incident/legacy-form.ts";
import type { Told } from "../told.ts";
import type { BrokenClassification } from "./classification.ts";

/** The older form's advice. */
export type RetrySafety = LegacyForm["retry_safety"];

/** The first row that holds. */
export const retrySafetyOf = (classification: BrokenClassification, told: Told): RetrySafety => {
  const { recommendation, confidence, reason } =
    ROWS.find(({ when }) => when(classification, told)) ?? UNKNOWN;
  return { recommendation, confidence, reason };
};

interface SafetyRow extends RetrySafety {
  readonly when: (classification: BrokenClassification, told: Told) => boolean;
}

const UNKNOWN: RetrySafety = { recommendation: "unknown", confidence: "low", reason: "unknown" };

// Closes stand first: whatever was seen of a run, a close of the scope is not retried.
// biome-ignore format: a table
const ROWS: readonly SafetyRow[] = [
  { when: isClose, recommendation: "do_not_auto_retry", confidence: "medium", reason: "local_abort_or_lifecycle_close" },
  { when: (_, { facts }) => facts.stream.text, recommendation: "do_not_auto_retry", confidence: "high", reason: "visible_output_seen" },
  { when: (_, { facts }) => facts.side_effects.happened.some(isUnsafe), recommendation: "do_not_auto_retry", confidence: "high", reason: "unsafe_side_effect_started" },
  { when: (_, told) => toolRan(told), recommendation: "ask_user", confidence: "medium", reason: "tool_execution_started" },
  { when: (classification, { facts }) => isProviders(classification) && facts.retryable === false, recommendation: "do_not_auto_retry", confidence: "high", reason: "provider_terminal_failure" },
  { when: isOfDeadline, recommendation: "unknown", confidence: "low", reason: "unknown" },
  { when: (classification, told) => isProviders(classification) && isReasoningOnly(told), recommendation: "candidate_safe_auto_retry", confidence: "medium", reason: "reasoning_only_without_final_text_or_tool_activity" },
  { when: (classification, told) => isProviders(classification) && !isUnobserved(told), recommendation: "candidate_safe_auto_retry", confidence: "medium", reason: "no_visible_output_or_tool_execution" },
];

function isClose(classification: BrokenClassification): boolean {
  return CLOSES.has(classification);
}

function isProviders(classification: BrokenClassification): boolean {
  return classification === "external_stream_disconnect" || classification === "provider_api_error";
}

// Of what a watchdog saw it is said that it may go away; of the run's own deadline nothing is.
function isOfDeadline(_: BrokenClassification, { cause, facts }: Told): boolean {
  return cause === "watchdog_timeout" && facts.retryable === undefined;
}

function isReasoningOnly({ facts: { stream, tools } }: Told): boolean {
  return stream.reasoning && tools.input_pending + tools.not_executed === 0;
}

const CLOSES: ReadonlySet<BrokenClassification> = new Set<BrokenClassification>([
  "local_instance_reload",
  "local_instance_dispose",
  "known_lifecycle_close",
  "unknown_scope_close",
]);
