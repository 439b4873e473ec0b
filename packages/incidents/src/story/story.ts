import type { EndFacts, Evidence, Omitted, RunRecord } from "../evidence.ts";
import { concludedEnd, inferredEnd } from "./end.ts";
import { inOrder } from "./ordering.ts";
import { askedAt, type Course, courseOf } from "./standing.ts";

/** A run's evidence in order, with what it ended with. */
export interface Story {
  readonly evidence: readonly Evidence[];
  readonly omitted: Omitted;
  /** Some evidence does not say where it belongs. */
  readonly isOrderMissing: boolean;
  /** Where `run_ended` stands, -1 if nowhere. */
  readonly endedAt: number;
  readonly end: Required<Pick<EndFacts, "result" | "class" | "confidence" | "via">> & EndFacts;
  /** Where the close that the run ended with was asked for. */
  readonly course: Course;
}

/** None if the run completed, or if nothing says that it ended. */
export const storyOf = ({
  evidence: given,
  omitted,
}: Omit<RunRecord, "run">): Story | undefined => {
  const { evidence, isIncomplete } = inOrder(given);
  const endedAt = evidence.findIndex(({ type }) => type === "run_ended");
  const ended = evidence[endedAt];
  const end = ended === undefined ? inferredEnd(evidence) : concludedEnd(ended.facts.end);
  if (end === undefined || end.result === "completed") return undefined;
  const course = courseOf(evidence, {
    asked: askedAt(evidence, end.class, ended?.facts.close),
    ended: endedAt < 0 ? evidence.length : endedAt,
  });
  return { evidence, omitted, isOrderMissing: isIncomplete, endedAt, end, course };
};
