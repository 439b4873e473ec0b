/** The provider had begun to answer in this attempt; stream-lifecycle parts are not among it. */
export const PROGRESS: ReadonlySet<string> = new Set([
  "provider_progress",
  "text_output_started",
  "reasoning_output_started",
  "tool_input_started",
  "tool_input_completed",
  "tool_call_materialized",
]);

/**
 * The run went on: it asked the provider again, got something from it or began to execute a tool.
 * That an execution ended is not among it, because others may have been executing beside.
 */
export const GOING_ON: ReadonlySet<string> = new Set([
  ...PROGRESS,
  "attempt_started",
  "tool_execution_started",
]);

/** The same of the provider alone, which a tool's failure is told to: tools begin beside each other. */
export const ANSWERING: ReadonlySet<string> = new Set([...PROGRESS, "attempt_started"]);

/** What proves that something broke, if the run did not go on after it. */
export const FAILURES: ReadonlySet<string> = new Set([
  "transport_failure",
  "provider_error",
  "watchdog_fired",
  "request_setup_failed",
  "tool_execution_failed",
]);

/** Says something of what the run did, so that what is absent did not happen. */
export const OF_THE_WORK: ReadonlySet<string> = new Set([
  ...GOING_ON,
  ...FAILURES,
  "stream_opened",
  "stream_completed",
  "side_effect_boundary",
  "tool_execution_completed",
  "pending_tool_interrupted",
]);
