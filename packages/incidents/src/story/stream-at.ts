import type { Evidence } from "../evidence.ts";
import { isSeenBy, latest, type Moment, momentOf } from "./moment.ts";
import { isOmittedWithin, naturalOf, omittedOf } from "./omitted.ts";
import type { Story } from "./story.ts";
import { FAILURES, PROGRESS } from "./types.ts";

/** The provider's stream of the attempt that the run broke off in, as it was at a moment. */
export interface StreamView {
  /** From 1; 0 if none was begun. */
  readonly attempt: number;
  readonly began: boolean;
  readonly opened: boolean;
  readonly progress: boolean;
  readonly text: boolean;
  readonly reasoning: boolean;
  readonly completed: boolean;
  /** The type of what came last and says of which kind it was; or that the stream completed. */
  readonly marker: string | undefined;
  /** Of all that the provider did, a tool's result was the last thing: it has not answered it. */
  readonly isAfterToolResult: boolean;
  /** Nothing kept says that it answered, and something that may say so was left out. */
  readonly isDoubtful: boolean;
}

export const streamAt = (story: Story, observed: number | undefined): StreamView => {
  const moment = momentOf(story, observed);
  const attempt = attemptAt(story, moment);
  const seen = seenOf(story, moment, attempt);
  const { marker } = seen;
  const doubt = doubtOf(story, seen.began, moment);
  const progress = seen.progress || doubt.progress;
  return {
    attempt,
    began: seen.began !== undefined,
    opened: seen.opened || progress,
    progress,
    text: seen.text || doubt.text,
    reasoning: seen.reasoning || doubt.reasoning,
    completed: marker?.type === "stream_completed",
    marker: marker?.type,
    isAfterToolResult: seen.answered !== undefined && seen.answered === seen.last,
    isDoubtful: doubt.progress && !seen.progress,
  };
};

// A failure names its own; of the rest it is the last one of which anything was seen.
const attemptAt = ({ evidence }: Story, moment: Moment): number => {
  const met = evidence[moment.index];
  if (met !== undefined && FAILURES.has(met.type) && naturalOf(met.attempt) > 0) return met.attempt;
  let last = 0;
  for (const [index, one] of evidence.entries()) {
    if (naturalOf(one.attempt) > last && isSeenBy(one, index, moment)) last = one.attempt;
  }
  return last;
};

interface Seen {
  began: Evidence | undefined;
  opened: boolean;
  progress: boolean;
  text: boolean;
  reasoning: boolean;
  marker: Evidence | undefined;
  /** The last end of an execution, and the last of these and of the provider's progress. */
  answered: Evidence | undefined;
  last: Evidence | undefined;
}

const seenOf = ({ evidence }: Story, moment: Moment, attempt: number): Seen => {
  const seen: Seen = {
    began: undefined,
    opened: false,
    progress: false,
    text: false,
    reasoning: false,
    marker: undefined,
    answered: undefined,
    last: undefined,
  };
  for (const [index, one] of evidence.entries()) {
    if (!isSeenBy(one, index, moment)) continue;
    noteOrder(seen, one);
    if (naturalOf(one.attempt) === attempt) noteStream(seen, one);
  }
  return seen;
};

const noteOrder = (seen: Seen, one: Evidence): void => {
  const isResult = one.type === "tool_execution_completed" || one.type === "tool_execution_failed";
  if (isResult) seen.answered = latest(seen.answered, one);
  if (isResult || PROGRESS.has(one.type)) seen.last = latest(seen.last, one);
};

const noteStream = (seen: Seen, one: Evidence): void => {
  const { type } = one;
  if (type === "attempt_started") seen.began ??= one;
  if (type === "stream_opened") seen.opened = true;
  if (type === "text_output_started") seen.text = true;
  if (type === "reasoning_output_started") seen.reasoning = true;
  if (PROGRESS.has(type)) seen.progress = true;
  if (type === "stream_completed" || (PROGRESS.has(type) && type !== "provider_progress")) {
    seen.marker = latest(seen.marker, one);
  }
};

// What was left out within the attempt may have been anything of its type: never less than that.
const doubtOf = (
  story: Story,
  began: Evidence | undefined,
  moment: Moment,
): { readonly progress: boolean; readonly text: boolean; readonly reasoning: boolean } => {
  const met = story.evidence[moment.index];
  // A request has the place of its initiation, and is met later.
  const until = met !== undefined && FAILURES.has(met.type) ? met.order : undefined;
  const isWithin = isOmittedWithin(story, began?.order, until);
  return {
    progress: isWithin && omittedOf(story, ...PROGRESS) > 0,
    text: isWithin && omittedOf(story, "text_output_started") > 0,
    reasoning: isWithin && omittedOf(story, "reasoning_output_started") > 0,
  };
};
