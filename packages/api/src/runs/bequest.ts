import type { Attributes, Span } from "@opentelemetry/api";
import { ATTR_CLOSE_INHERITED_CLASS, type CloseClass } from "../attributes.ts";
import type { Cause } from "../closes/cause.ts";
import type { ActionRef, Close } from "../closes/close.ts";
import { closedByAttributes } from "../closes/closed-by.ts";
import { standingCause } from "../closes/standing.ts";
import { now, registry } from "../registry.ts";
import type { ManagedRun } from "./managed-run.ts";
import type { SpanBelow } from "./span-state.ts";

/** What a run leaves to the spans that were in flight below it when its cause was initiated. */
export interface Bequest {
  readonly class: CloseClass;
  readonly action: ActionRef | undefined;
  /** The cause's place on the thread's counter. */
  readonly seq: number;
  /** For a deadline, which counts from when it was due: that time (ms, monotonic). */
  readonly due: number | undefined;
}

/** What a run that has just ended leaves: its close, or the cause that it completed in spite of. */
export const bequestOf = (close: Close, cause: Cause | undefined): Bequest | undefined => {
  if (cause !== undefined) return bequestOfCause(cause);
  if (close.type === "completed") return undefined;
  const action = close.type === "lifecycle_action" ? close.action : undefined;
  return { class: close.type, action, seq: registry.sequence + 1, due: undefined };
};

/**
 * The attributes of a span that ends now and was begun below a run: those of the nearest run
 * around it that has something to leave. Undefined for a span that was begun after the cause: it
 * is clean-up.
 */
export const inheritedBy = (below: SpanBelow): Attributes | undefined => {
  for (let run: ManagedRun | undefined = below.run; run !== undefined; run = run.parent) {
    const bequest = bequestOfRun(run);
    if (bequest !== undefined && isBegunBefore(below, bequest)) return inheritedAttributes(bequest);
  }
  return undefined;
};

/** A bequest as a span carries it. */
export const inheritedAttributes = (bequest: Bequest): Attributes => ({
  [ATTR_CLOSE_INHERITED_CLASS]: bequest.class,
  ...(bequest.action === undefined ? undefined : closedByAttributes(bequest.action)),
});

const bequestOfRun = (run: ManagedRun): Bequest | undefined => {
  // What was left to it is its own span's: other spans below it were not below the run that closed.
  if (run.hasYielded) return undefined;
  if (run.close !== undefined) return run.bequest;
  if (isUntouched(run)) return undefined;
  const cause = standingCause(run);
  return cause === undefined ? undefined : bequestOfCause(cause);
};

// Nearly always, and every span below a run asks.
const isUntouched = ({ cause, covers, due }: ManagedRun): boolean =>
  cause === undefined && covers === undefined && due === undefined && registry.standingCovers === 0;

const bequestOfCause = (cause: Cause): Bequest => ({
  class: cause.type,
  action: cause.type === "lifecycle_action" ? cause.action : undefined,
  seq: cause.seq,
  due: cause.via === "deadline" ? cause.at : undefined,
});

const isBegunBefore = ({ began, span }: SpanBelow, { seq, due }: Bequest): boolean => {
  const started = due === undefined ? undefined : startOf(span);
  return started === undefined || due === undefined ? began < seq : started < due;
};

/** When a span began, in ms on the monotonic clock; SDK spans know it on that of the day. */
const startOf = (span: Span): number | undefined => {
  const { startTime } = span as { readonly startTime?: readonly [number, number] };
  if (!Array.isArray(startTime)) return undefined;
  return startTime[0] * 1000 + startTime[1] / 1e6 - (Date.now() - now());
};
