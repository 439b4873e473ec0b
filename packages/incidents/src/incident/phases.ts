/** How far the run had got. */
export type RunPhase =
  | "before_provider_stream"
  | "streaming"
  | "tool_generation"
  | "tool_execution"
  | "post_tool"
  | "finalizing"
  | "unknown";

/** How far the provider's stream had got. */
export type StreamPhase =
  | "before_first_event"
  | "before_first_provider_progress"
  | "text_generation"
  | "reasoning_generation"
  | "tool_input_generation"
  | "after_tool_input_end"
  | "after_tool_call"
  | "completed"
  | "unknown";

/** How far the last call of a tool had got. */
export type ToolPhase =
  | "none"
  | "tool_input_started"
  | "tool_input_completed"
  | "tool_call_materialized"
  | "tool_execution_started"
  | "tool_execution_completed"
  | "unknown";

export interface Phases {
  readonly run: RunPhase;
  readonly stream: StreamPhase;
  readonly tool: ToolPhase;
}
