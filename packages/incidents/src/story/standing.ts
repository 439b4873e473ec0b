import type { CloseClass } from "@otel-lifecycle/api";
import type { Evidence, RequestedClose } from "../evidence.ts";
import { GOING_ON } from "./types.ts";

/** How far the run went by itself, before anything asked it to stop. */
export interface Course {
  /** Where it ended: what was noted later, broke nothing. */
  readonly ended: number;
  /** Where the close that it ended with was requested; undefined if it was not. */
  readonly asked: number | undefined;
  /** Where it went on for the last time, -1 if never. */
  readonly wentOn: number;
  /** When it was last seen to go on by a repeat, in ms on the monotonic clock. */
  readonly wentOnUntil: number;
}

/**
 * Where a close of this class was first asked for; where the end names its action, by that one: a
 * reload that the run survived may have asked before the dispose that closed it.
 */
export const askedAt = (
  evidence: readonly Evidence[],
  closeClass: CloseClass,
  closing: RequestedClose | undefined,
): number | undefined => firstRequest(evidence, "close_requested", { closeClass, closing });

/** Where a request of this type first stands, of such a close. */
export const firstRequest = (
  evidence: readonly Evidence[],
  type: "close_requested" | "close_propagated",
  { closeClass, closing }: { closeClass: CloseClass; closing: RequestedClose | undefined },
): number | undefined => {
  const action = closing?.actions[0]?.id;
  const index = evidence.findIndex(
    (one) =>
      one.type === type &&
      one.facts.close?.class === closeClass &&
      (action === undefined || one.facts.close.actions[0]?.id === action),
  );
  return index < 0 ? undefined : index;
};

export const courseOf = (
  evidence: readonly Evidence[],
  { asked, ended }: Pick<Course, "asked" | "ended">,
  goingOn: ReadonlySet<string> = GOING_ON,
): Course => {
  const until = Math.min(asked ?? ended, ended);
  // What drains from a stream after it was stopped is no going on.
  const stopped = asked === undefined ? undefined : evidence[asked]?.at;
  let wentOn = -1;
  let wentOnUntil = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < until; index += 1) {
    const one = evidence[index];
    if (one === undefined || !goingOn.has(one.type)) continue;
    wentOn = index;
    const { lastAt } = one;
    if (lastAt === undefined || (stopped !== undefined && lastAt > stopped)) continue;
    if (lastAt > wentOnUntil) wentOnUntil = lastAt;
  }
  return { ended, asked, wentOn, wentOnUntil };
};

/** What a failure is looked for in. */
export interface Searched {
  /** What the run ended with, where that is known already. */
  readonly end?: { readonly class: CloseClass };
  readonly evidence: readonly Evidence[];
  readonly course: Course;
}

/**
 * Where something of this type happened first after which the run did not go on: what was retried
 * or told to the model and answered does not stand.
 */
export const standing = (
  { evidence, course }: Searched,
  isIt: (one: Evidence, index: number) => boolean,
): number | undefined => {
  for (let index = course.wentOn + 1; index < course.ended; index += 1) {
    const one = evidence[index];
    if (one === undefined || !isIt(one, index)) continue;
    if (one.at !== undefined && one.at < course.wentOnUntil) continue;
    return index;
  }
  return undefined;
};

/**
 * The same of what happened before anything asked the run to stop. Where it was aborted and nobody
 * says by whom, what failed because of an abort is what came of that, and broke nothing itself.
 */
export const standingUnasked = (
  searched: Searched,
  isIt: (one: Evidence, index: number) => boolean,
): number | undefined => {
  const isAborted = searched.end?.class === "unknown_scope_close";
  const found = standing(
    searched,
    (one, index) => isIt(one, index) && !(isAborted && isOfAbort(one)),
  );
  const { asked } = searched.course;
  return found !== undefined && asked !== undefined && found > asked ? undefined : found;
};

/** Its error says that somebody aborted it, and not who. */
export const isOfAbort = ({ type, facts }: Evidence): boolean =>
  MAY_BE_ABORTED.has(type) && (facts.error?.proof === "aborted" || facts.error?.proof === "reason");

// A provider that answered with an error did so, whatever its client made of it.
const MAY_BE_ABORTED: ReadonlySet<string> = new Set([
  "transport_failure",
  "request_setup_failed",
  "tool_execution_failed",
]);
