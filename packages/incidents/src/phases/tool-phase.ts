import type { Scene } from "../facts/scene.ts";
import type { ToolPhase } from "../incident/phases.ts";
import type { Call } from "../story/calls-at.ts";
import { omittedOf } from "../story/omitted.ts";

/**
 * How far the last call of a tool had got: one that is executing, else the one last heard of. An
 * execution that failed had begun, and never completed.
 */
export const toolPhase = (scene: Scene, isTold: boolean): ToolPhase => {
  if (!isTold) return "unknown";
  if (scene.standings.some(({ isExecuting }) => isExecuting)) return "tool_execution_started";
  const last = scene.calls.findLast(isHeardOf);
  if (last !== undefined) return phaseOf(last);
  return omittedOf(scene.story, ...TOOL_TYPES) > 0 ? "unknown" : "none";
};

const phaseOf = (call: Call): ToolPhase => {
  if (call.failed > 0 && call.lastExecution?.type !== "tool_execution_completed") {
    return "tool_execution_started";
  }
  if (call.completed > 0) return "tool_execution_completed";
  if (call.materialized > 0) return "tool_call_materialized";
  return call.inputCompleted > 0 ? "tool_input_completed" : "tool_input_started";
};

// Begun only after the moment, or named by clean-up alone: no phase.
const isHeardOf = (call: Call): boolean =>
  call.inputStarted + call.inputCompleted + call.materialized > 0 ||
  call.started + call.completed + call.failed > 0;

const TOOL_TYPES: readonly string[] = [
  "tool_input_started",
  "tool_input_completed",
  "tool_call_materialized",
  "tool_execution_started",
  "tool_execution_completed",
  "tool_execution_failed",
];
