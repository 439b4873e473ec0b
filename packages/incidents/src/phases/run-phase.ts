import type { Scene } from "../facts/scene.ts";
import type { RunPhase } from "../incident/phases.ts";
import { isSeenBy } from "../story/moment.ts";
import { GOING_ON } from "../story/types.ts";

/** How far the run had got: what it did last, clean-up and tools before the stream. */
export const runPhase = (scene: Scene, isTold: boolean): RunPhase => {
  const { decided, stream, tally } = scene;
  if (isFinalizing(scene)) return "finalizing";
  if (!isTold) return "unknown";
  if (
    scene.standings.some(({ isExecuting }) => isExecuting) ||
    decided.cause === "tool_execution_failure"
  )
    return "tool_execution";
  if (stream.isAfterToolResult) return "post_tool";
  if (stream.isDoubtful) return "unknown";
  if (isWritingCall(stream.marker) || (stream.completed && tally.waiting.length > 0)) {
    return "tool_generation";
  }
  return stream.opened ? "streaming" : "before_provider_stream";
};

const isWritingCall = (marker: string | undefined): boolean =>
  marker === "tool_input_started" ||
  marker === "tool_input_completed" ||
  marker === "tool_call_materialized";

// It had begun to clean up, and did nothing else since. Where nobody says when it broke, the
// clean-up before its end is likely what came after; but a process that was lost did no more.
const isFinalizing = ({ story: { evidence, end }, decided, moment }: Scene): boolean => {
  if (decided.observed === undefined && end.class !== "process_lost") return false;
  let isCleaningUp = false;
  for (const [index, one] of evidence.entries()) {
    if (!isSeenBy(one, index, moment)) continue;
    if (GOING_ON.has(one.type)) isCleaningUp = false;
    else if (one.type.startsWith("finalizer_")) isCleaningUp = true;
  }
  return isCleaningUp;
};
