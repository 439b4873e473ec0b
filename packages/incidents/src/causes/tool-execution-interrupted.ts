import type { Evidence } from "../evidence.ts";
import { standingUnasked } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import { type CauseRule, foundAt } from "./cause-rule.ts";

/**
 * A tool was interrupted while it was executing, before anything asked the run to stop. What
 * clean-up reports is a consequence; so is the interruption of a call that was not executing.
 */
export const toolExecutionInterrupted: CauseRule = {
  cause: "tool_execution_interrupted",
  find: (story) =>
    foundAt(
      standingUnasked(
        story,
        (one, index) =>
          one.type === "pending_tool_interrupted" &&
          isExecuting(story, one, index) &&
          !isCleaningUp(story, index),
      ),
    ),
};

const isExecuting = ({ evidence }: Story, { facts }: Evidence, until: number): boolean => {
  let executing = 0;
  for (const one of evidence.slice(0, until)) {
    if (!isSameCall(one.facts, facts)) continue;
    if (one.type === "tool_execution_started") executing += 1;
    if (one.type === "tool_execution_completed" || one.type === "tool_execution_failed") {
      executing -= 1;
    }
  }
  return executing > 0;
};

// Told apart by their numbers, else by their names.
const isSameCall = (a: Evidence["facts"], b: Evidence["facts"]): boolean =>
  a.toolCall !== undefined && b.toolCall !== undefined
    ? a.toolCall === b.toolCall
    : a.tool === undefined || b.tool === undefined || a.tool === b.tool;

const isCleaningUp = ({ evidence, course }: Story, until: number): boolean =>
  evidence
    .slice(course.wentOn + 1, until)
    .some(({ type }) => type === "finalizer_started" || type === "close_propagated");
