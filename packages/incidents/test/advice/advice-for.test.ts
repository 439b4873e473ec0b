import type { RetryAdvice } from "@otel-lifecycle/incidents";
import { expect, test } from "vitest";
import { adviceFor } from "../../src/advice/advice-for.ts";
import { ADVICE } from "../../src/advice/advice-table.ts";
import { action, type Differing, told } from "../support/told.ts";

type Row = readonly [
  title: string,
  differing: Differing,
  recommendation: RetryAdvice["recommendation"],
  confidence: RetryAdvice["confidence"],
  reason: string,
  unknown?: RetryAdvice["unknown"],
];

const TEXT = { stream: { progress: true, text: true } } as const;
const READ = { tools: { completed: 1 }, side_effects: { happened: ["read_only"] } } as const;
const CALL = { tools: { not_executed: 1 } } as const;

// biome-ignore format: a table
const ROWS: readonly Row[] = [
  // Not to be retried, whatever else is known.
  ["a user's cancel", { cause: "user_cancel", ...TEXT }, "do_not_retry", "high", "user_cancel"],
  ["an action's close", { cause: "local_lifecycle_close", subcause: "reload", action: action("reload"), ...READ }, "do_not_retry", "high", "local_lifecycle_close"],
  ["a close by nobody known", { cause: "local_lifecycle_close", subcause: "unknown_lifecycle_close", gaps: ["lifecycle.close_requested"] }, "do_not_retry", "medium", "local_lifecycle_close"],
  ["a close that says nothing of its kind", { cause: "local_lifecycle_close" }, "do_not_retry", "medium", "local_lifecycle_close"],
  ["a provider's error that would come again", { cause: "provider_api_error", retryable: false }, "do_not_retry", "high", "provider_api_error"],
  ["the same after a tool that wrote", { cause: "provider_api_error", retryable: false, tools: { completed: 1 }, side_effects: { happened: ["external"] } }, "do_not_retry", "high", "provider_api_error"],
  ["a connection that would break again", { retryable: false, ...TEXT }, "do_not_retry", "medium", "failure_not_retryable"],
  ["a set-up that would fail again", { cause: "request_setup_failure", retryable: false }, "do_not_retry", "medium", "failure_not_retryable"],
  // What a tool did, or may have done.
  ["a tool that wrote a file", { tools: { completed: 1 }, side_effects: { happened: ["read_only", "local_file_write"] } }, "ask_user_before_retry", "high", "unsafe_side_effect_started"],
  ["a process that was started", { tools: { running: 1 }, side_effects: { happened: ["local_process"] } }, "ask_user_before_retry", "high", "unsafe_side_effect_started"],
  ["an effect of evidence that was left out", { side_effects: { happened: ["external"] } }, "ask_user_before_retry", "high", "unsafe_side_effect_started"],
  ["a reading tool that was running", { tools: { running: 1 }, side_effects: { happened: ["read_only"] } }, "ask_user_before_retry", "high", "tool_execution_interrupted"],
  ["a tool that was interrupted", { cause: "tool_execution_interrupted", tools: { interrupted: 1 }, side_effects: { happened: ["unknown"] } }, "ask_user_before_retry", "high", "tool_execution_interrupted"],
  ["an interrupted tool of which no more is known", { cause: "tool_execution_interrupted" }, "ask_user_before_retry", "high", "tool_execution_interrupted"],
  ["tools that the provider executes", { side_effects: { provider_executed: true } }, "ask_user_before_retry", "medium", "provider_executed_tools"],
  ["a tool whose effect nobody knows", { tools: { completed: 1 }, side_effects: { happened: ["unknown"] } }, "ask_user_before_retry", "medium", "tool_execution_started"],
  ["a tool that ran and whose effect is lost", { tools: { completed: 1 } }, "ask_user_before_retry", "medium", "tool_execution_started"],
  ["an unknown effect of evidence that was left out", { side_effects: { happened: ["unknown"] } }, "ask_user_before_retry", "medium", "tool_execution_started"],
  ["a reading effect of evidence that was left out", { side_effects: { happened: ["read_only"] } }, "ask_user_before_retry", "medium", "tool_execution_started"],
  ["a reading tool that failed beside one that completed", { tools: { completed: 1, failed: 1 }, side_effects: { happened: ["read_only"] } }, "ask_user_before_retry", "medium", "tool_execution_started"],
  ["a reading tool that failed", { cause: "tool_execution_failure", tools: { failed: 1 }, side_effects: { happened: ["read_only"] } }, "ask_user_before_retry", "medium", "tool_execution_started"],
  ["a failed tool of which no more is known", { cause: "tool_execution_failure" }, "ask_user_before_retry", "medium", "tool_execution_started"],
  ["a reading tool among unclassified ones", { tools: { completed: 1 }, side_effects: { happened: ["read_only"], boundary: "unclassified" } }, "ask_user_before_retry", "medium", "tool_execution_started"],
  ["a reading tool within an unknown boundary", { tools: { completed: 1 }, side_effects: { happened: ["read_only"], boundary: "unknown" } }, "ask_user_before_retry", "low", "tool_execution_started", ["side_effect.boundary_unknown"]],
  ["an execution without its start", { gaps: ["tool_execution.start_missing"] }, "ask_user_before_retry", "low", "side_effect_facts_incomplete", ["tool_execution.start_missing"]],
  ["evidence without its order", { gaps: ["evidence.ordering_missing"], ...TEXT }, "ask_user_before_retry", "low", "side_effect_facts_incomplete", ["evidence.ordering_missing"]],
  ["a call that would have written", { ...CALL, side_effects: { pending: ["read_only", "local_file_write"] } }, "ask_user_before_retry", "medium", "tool_call_materialized_without_execution"],
  ["a call whose effect nobody knows", { ...CALL, side_effects: { pending: ["unknown"] } }, "ask_user_before_retry", "medium", "side_effect_facts_incomplete"],
  ["a call without an effect", CALL, "ask_user_before_retry", "medium", "side_effect_facts_incomplete"],
  // Nothing says that a retry could work.
  ["a crash of which nothing is known", { cause: "crash_or_restart_incomplete" }, "unknown", "low", "cause_unknown"],
  ["a client that went away", { cause: "unknown_interruption", subcause: "client_disconnect" }, "unknown", "low", "client_disconnect"],
  ["an interruption without a reason", { cause: "unknown_interruption", gaps: ["lifecycle.close_requested"] }, "unknown", "low", "cause_unknown", ["lifecycle.close_requested"]],
  ["a provider's error of no known kind", { cause: "provider_api_error" }, "unknown", "low", "retryability_unknown"],
  ["a set-up that failed", { cause: "request_setup_failure" }, "unknown", "low", "retryability_unknown"],
  ["a connection that broke where nobody told of the stream", { attempts: 0 }, "unknown", "low", "stream_not_observed"],
  ["a deadline where nobody told of the stream", { attempts: 0, cause: "watchdog_timeout" }, "unknown", "low", "stream_not_observed"],
  ["a deadline of the run's own", { cause: "watchdog_timeout", subcause: "unknown" }, "unknown", "low", "retryability_unknown"],
  // Offers.
  ["a reading tool that had completed", READ, "offer_resume_with_confirmation", "medium", "read_only_tools_completed"],
  ["the same with text", { ...READ, ...TEXT }, "offer_resume_with_confirmation", "medium", "read_only_tools_completed"],
  ["a reading call", { ...CALL, side_effects: { pending: ["read_only"] } }, "offer_continue", "medium", "tool_call_materialized_without_execution"],
  ["a tool's input in part", { tools: { input_pending: 1 } }, "offer_continue", "medium", "partial_tool_input_without_execution"],
  ["visible text", TEXT, "offer_continue", "high", "visible_output_without_tool_execution"],
  ["visible text before a provider's error of no known kind", { cause: "provider_api_error", ...TEXT }, "offer_continue", "high", "visible_output_without_tool_execution"],
  ["visible text within an unknown boundary", { ...TEXT, side_effects: { boundary: "unknown" } }, "offer_continue", "medium", "visible_output_without_tool_execution", ["side_effect.boundary_unknown"]],
  ["visible text before a deadline of the run's own", { cause: "watchdog_timeout", subcause: "unknown", ...TEXT }, "offer_continue", "high", "visible_output_without_tool_execution"],
  ["visible text before a client went away", { cause: "unknown_interruption", subcause: "client_disconnect", ...TEXT }, "offer_continue", "low", "visible_output_without_tool_execution"],
  ["visible text before a crash", { cause: "crash_or_restart_incomplete", ...TEXT }, "offer_continue", "low", "visible_output_without_tool_execution"],
  // Retries.
  ["reasoning alone", { stream: { progress: true, reasoning: true } }, "auto_retry", "medium", "reasoning_only_without_final_text_or_tool_activity"],
  ["nothing seen", {}, "auto_retry", "high", "no_visible_output_or_tool_execution"],
  ["nothing seen, tools exposed and not classified", { side_effects: { boundary: "unclassified", exposed: 3 } }, "auto_retry", "high", "no_visible_output_or_tool_execution"],
  ["nothing seen within an unknown boundary", { side_effects: { boundary: "unknown" } }, "auto_retry", "medium", "no_visible_output_or_tool_execution", ["side_effect.boundary_unknown"]],
  ["a watchdog that gave up before anything was seen", { cause: "watchdog_timeout", subcause: "connect", retryable: true }, "auto_retry", "high", "no_visible_output_or_tool_execution"],
  ["a provider's error that may go away", { cause: "provider_api_error", retryable: true }, "auto_retry", "high", "no_visible_output_or_tool_execution"],
  ["a stream that opened in no attempt that was told", { attempts: 0, stream: { opened: true } }, "auto_retry", "high", "no_visible_output_or_tool_execution"],
  ["a set-up that may work the next time", { attempts: 0, cause: "request_setup_failure", retryable: true }, "auto_retry", "high", "no_visible_output_or_tool_execution"],
];

for (const [title, differing, recommendation, confidence, reason, unknown = []] of ROWS) {
  test(title, () => {
    expect(adviceFor(told(differing))).toEqual({ recommendation, confidence, reason, unknown });
  });
}

test("every row of the table decides somewhere", () => {
  const deciding = ROWS.map((row) => ADVICE.findIndex(({ when }) => when(told(row[1]))));
  expect([...new Set(deciding)].sort((one, other) => one - other)).toEqual([...ADVICE.keys()]);
});
