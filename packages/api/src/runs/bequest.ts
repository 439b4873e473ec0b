import type { Attributes } from "@opentelemetry/api";
import { ATTR_CLOSE_INHERITED_CLASS, type CloseClass } from "../attributes.ts";
import type { Cause } from "../closes/cause.ts";
import type { ActionRef, Close } from "../closes/close.ts";
import { closedByAttributes } from "../closes/closed-by.ts";
import { standingCause } from "../closes/standing.ts";
import { registry } from "../registry.ts";
import type { SpanBelow } from "./span-state.ts";

/** What a run leaves to the spans that were in flight below it when its cause was initiated. */
export interface Bequest {
  readonly class: CloseClass;
  readonly action: ActionRef | undefined;
  /** The cause's place on the thread's counter. */
  readonly seq: number;
}

/** What a run that has just ended leaves: its close, or the cause that it completed in spite of. */
export const bequestOf = (close: Close, cause: Cause | undefined): Bequest | undefined => {
  if (close.type === "completed") return cause === undefined ? undefined : bequestOfCause(cause);
  const action = close.type === "lifecycle_action" ? close.action : undefined;
  return { class: close.type, action, seq: cause?.seq ?? registry.sequence + 1 };
};

/**
 * The attributes of a span that ends now and was begun below a run; undefined for one that was
 * begun after the cause (it is clean-up) or has none to inherit.
 */
export const inheritedBy = ({ run, began }: SpanBelow): Attributes | undefined => {
  const cause = run.close === undefined ? standingCause(run) : undefined;
  const bequest = cause === undefined ? run.bequest : bequestOfCause(cause);
  if (bequest === undefined || bequest.seq <= began) return undefined;
  const inherited = { [ATTR_CLOSE_INHERITED_CLASS]: bequest.class };
  return bequest.action === undefined
    ? inherited
    : { ...inherited, ...closedByAttributes(bequest.action) };
};

const bequestOfCause = (cause: Cause): Bequest | undefined => {
  if (cause.type === "completed") return undefined;
  const action = cause.type === "lifecycle_action" ? cause.action : undefined;
  return { class: cause.type, action, seq: cause.seq };
};
