import type { Scene } from "../facts/scene.ts";
import type { StreamPhase } from "../incident/phases.ts";

/** How far the provider's stream had got, of the attempt in which the run broke off. */
export const streamPhase = ({ stream }: Scene, isTold: boolean): StreamPhase => {
  if (stream.isDoubtful || !isTold) return "unknown";
  if (stream.marker !== undefined) return BY_MARKER[stream.marker] ?? "unknown";
  // Something came, and nobody says of which kind.
  if (stream.progress) return "unknown";
  return stream.opened ? "before_first_provider_progress" : "before_first_event";
};

const BY_MARKER: Readonly<Record<string, StreamPhase>> = {
  text_output_started: "text_generation",
  reasoning_output_started: "reasoning_generation",
  tool_input_started: "tool_input_generation",
  tool_input_completed: "after_tool_input_end",
  tool_call_materialized: "after_tool_call",
  stream_completed: "completed",
};
