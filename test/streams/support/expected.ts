/** The cause of a story's incident with its position, none without an incident; what the run was told. */
interface Outcome {
  readonly cause: string;
  readonly told: readonly string[];
}

const BEGUN = ["attempt_started", "stream_opened", "provider_progress"];
const SAID = [...BEGUN, "text_output_started"];
const CALLED = [
  ...BEGUN,
  "tool_input_started search c1",
  "tool_input_completed search c1",
  "tool_call_materialized search c1",
  "tool_execution_started search c1 read_only",
];
/** First by the wrapped tool, which knows its effect; then in the stream. */
const executed = (how: string) => [
  `tool_execution_${how} search c1 read_only`,
  `tool_execution_${how} search c1`,
];
const STEP = [...CALLED, ...executed("completed"), "stream_completed"];
const WEB = "web w1 true";

const broken = (position: string, told: readonly string[]): Outcome => ({
  cause: `provider_transport_disconnect.${position}`,
  told: [...told, "transport_failure"],
});

export const EXPECTED: Readonly<Record<string, Outcome>> = {
  "all goes well": { cause: "", told: [...STEP, ...SAID, "stream_completed"] },
  "broken before the first byte": broken("before_first_provider_progress", ["attempt_started"]),
  "broken before any progress": broken("before_first_provider_progress", BEGUN.slice(0, 2)),
  "broken in text": broken("during_text_generation", SAID),
  "broken in reasoning": broken("during_reasoning_generation", [
    ...BEGUN,
    "reasoning_output_started",
  ]),
  "broken in a tool's input": broken("during_tool_input_generation", CALLED.slice(0, 4)),
  "broken before the SDK gives a whole call": broken("during_tool_input_generation", [
    ...BEGUN,
    "tool_input_started ask c1",
  ]),
  "broken after a result": broken("after_tool_result", [...STEP, "attempt_started"]),
  "broken in the text after a result": broken("during_text_generation", [...STEP, ...SAID]),
  // The SDK's own error for it has no name that proves a break.
  "closed in text": { cause: "unknown_interruption", told: SAID },
  "answered with an error": {
    cause: "provider_api_error",
    told: ["attempt_started", "provider_error 429 rate_limit_error"],
  },
  "an error in the stream": {
    cause: "provider_api_error",
    told: [...SAID, "provider_error server_error"],
  },
  "tool fails": { cause: "tool_execution_failure", told: [...CALLED, ...executed("failed")] },
  // The SDK ends the stream in order, so that the run completes.
  aborted: { cause: "", told: SAID },
  "mock model, broken after a call": broken("after_tool_call_before_execution", [
    ...BEGUN,
    "tool_call_materialized ask c1",
  ]),
  "mock model, broken after a tool of the provider's": broken("during_reasoning_generation", [
    ...BEGUN,
    `tool_input_started ${WEB}`,
    `tool_input_completed ${WEB}`,
    `tool_call_materialized ${WEB}`,
    `tool_execution_completed ${WEB}`,
    "reasoning_output_started",
  ]),
};
