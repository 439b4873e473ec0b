import type { IncidentCause } from "../incident/cause.ts";
import type { RunPhase, StreamPhase } from "../incident/phases.ts";
import type { RetryRecommendation } from "../incident/retry-advice.ts";

// The words of the one-line summary. What is looked up may come from a file: own keys alone count.

/** What broke. */
export const CAUSE_WORDS: Readonly<Record<IncidentCause, string>> = {
  provider_transport_disconnect: "the provider's connection broke",
  provider_api_error: "the provider answered with an error",
  local_lifecycle_close: "closed by an action",
  user_cancel: "cancelled by the user",
  watchdog_timeout: "its time ran out",
  request_setup_failure: "the request could not be set up",
  tool_execution_failure: "a tool failed",
  tool_execution_interrupted: "a tool was interrupted while it ran",
  crash_or_restart_incomplete: "the process was lost",
  unknown_interruption: "it broke off for no known reason",
};

/** What broke, where the subcause says it better. */
export const SUBCAUSE_WORDS: Readonly<Record<string, string>> = {
  unknown_lifecycle_close: "closed by nobody known",
  connect: "the watchdog over the connection gave up",
  silent_stream: "the watchdog over a silent stream gave up",
  client_disconnect: "the client went away",
};

/** Where the connection broke. */
export const DISCONNECT_WORDS: Readonly<Record<string, string>> = {
  before_first_provider_progress: "before its first progress",
  during_text_generation: "in the middle of text",
  during_reasoning_generation: "in the middle of reasoning",
  during_tool_input_generation: "in the middle of a tool's input",
  after_tool_call_before_execution: "after a tool's call, before its execution",
  after_tool_result: "after a tool's result",
  unknown_stream_phase: "",
};

/** How far the run had got. */
export const PHASE_WORDS: Readonly<Record<RunPhase | StreamPhase, string>> = {
  before_provider_stream: "before the provider's stream",
  streaming: "while the provider was streaming",
  tool_generation: "while a tool's call was being written",
  tool_execution: "while a tool was running",
  post_tool: "after a tool had run",
  finalizing: "while it was finalizing",
  before_first_event: "before the stream's first event",
  before_first_provider_progress: "before the first progress",
  text_generation: "in the middle of text",
  reasoning_generation: "in the middle of reasoning",
  tool_input_generation: "in the middle of a tool's input",
  after_tool_input_end: "after a tool's input",
  after_tool_call: "after a tool's call",
  completed: "after the stream had completed",
  unknown: "",
};

/** What may be done next. */
export const ADVICE_WORDS: Readonly<Record<RetryRecommendation, string>> = {
  auto_retry: "it may be retried",
  offer_continue: "offer to continue",
  offer_resume_with_confirmation: "offer to resume, once confirmed",
  ask_user_before_retry: "ask the user before a retry",
  do_not_retry: "do not retry",
  unknown: "whether to retry is not known",
};

/** The words for a key of the table; none for any other string. */
export const wordsFor = (
  words: Readonly<Record<string, string>>,
  key: string | undefined,
): string | undefined => (key !== undefined && Object.hasOwn(words, key) ? words[key] : undefined);
