import type { EvidenceFacts } from "@otel-lifecycle/api";
import type { ManagedRun } from "@otel-lifecycle/api/internal";

/**
 * What the runs around a run are told of a fact in it; nothing of most. What a tool did outside, and
 * what a user saw, would be done and seen again if the outer run were tried again.
 */
export const toldAround = (
  run: ManagedRun,
  type: string,
  facts: EvidenceFacts | undefined,
): EvidenceFacts | undefined => {
  if (type === "text_output_started") return WITHIN;
  if (!EXECUTION.has(type)) return undefined;
  // Not its attempt, which counts the requests of another run; nor an error that this one survived.
  const { tool, toolCallId, effect, providerExecuted } = facts ?? WITHIN;
  return {
    ...WITHIN,
    ...(tool === undefined ? undefined : { tool }),
    // Two runs inside may number their calls alike.
    ...(toolCallId === undefined ? undefined : { toolCallId: `${run.began}:${toolCallId}` }),
    ...(effect === undefined ? undefined : { effect }),
    ...(providerExecuted === undefined ? undefined : { providerExecuted }),
  };
};

// One object for all, because text is told with each piece.
const WITHIN: EvidenceFacts = { source: "run_within" };

const EXECUTION: ReadonlySet<string> = new Set([
  "tool_execution_started",
  "tool_execution_completed",
  "tool_execution_failed",
]);
