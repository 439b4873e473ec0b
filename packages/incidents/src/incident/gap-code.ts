/** What is missing to know more. */
export type GapCode =
  | "lifecycle.close_requested"
  | "lifecycle.request_context_missing"
  | "side_effect.boundary_unknown"
  | "evidence.ordering_missing"
  | "tool.materialization_missing"
  | "tool_execution.start_missing"
  | "tool_input.start_missing";
