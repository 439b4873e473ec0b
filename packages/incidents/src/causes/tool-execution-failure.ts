import type { Evidence } from "../evidence.ts";
import { standingUnasked } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import { type CauseRule, foundAt } from "./cause-rule.ts";

/** A tool failed, and the run did not go on: the model was not told, or never answered. */
export const toolExecutionFailure: CauseRule = {
  cause: "tool_execution_failure",
  find: (story) =>
    foundAt(
      standingUnasked(
        story,
        (one, index) =>
          one.type === "tool_execution_failed" && !hasCompletedAfter(story, one, index),
      ),
    ),
};

// The same call was executed again, though nobody said that it began.
const hasCompletedAfter = ({ evidence }: Story, { facts }: Evidence, from: number): boolean =>
  facts.toolCall !== undefined &&
  evidence.some(
    (one, index) =>
      index > from &&
      one.type === "tool_execution_completed" &&
      one.facts.toolCall === facts.toolCall,
  );
