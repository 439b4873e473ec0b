import type { Evidence } from "../evidence.ts";
import { courseOf, standingUnasked } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import { ANSWERING } from "../story/types.ts";
import { type CauseRule, foundAt } from "./cause-rule.ts";

/**
 * A tool failed, and the run did not go on: the model was not told, or never answered. That another
 * tool began afterwards says nothing, because several of one answer are executed side by side.
 */
export const toolExecutionFailure: CauseRule = {
  cause: "tool_execution_failure",
  find: (story) =>
    foundAt(
      standingUnasked(
        { ...story, course: courseOf(story.evidence, story.course, ANSWERING) },
        (one, index) => one.type === "tool_execution_failed" && !wasTriedAgain(story, one, index),
      ),
    ),
};

// The same call began again, or one that nobody numbered did and may be it; or it completed, though
// nobody said that it began.
const wasTriedAgain = ({ evidence }: Story, { facts }: Evidence, from: number): boolean =>
  evidence.some((one, index) => {
    if (index <= from) return false;
    const isSame = facts.toolCall !== undefined && one.facts.toolCall === facts.toolCall;
    if (one.type === "tool_execution_completed") return isSame;
    if (one.type !== "tool_execution_started") return false;
    return isSame || facts.toolCall === undefined || one.facts.toolCall === undefined;
  });
