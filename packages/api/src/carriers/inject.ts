import { type Action, currentAction } from "../actions/action.ts";
import { ENTRY_CAUSE } from "../attributes.ts";
import type { ActionRef } from "../closes/close.ts";
import { spanContextOf } from "../closes/closed-by.ts";
import { guarded, noteBounded } from "../diagnostics.ts";
import { getAction } from "../lifecycle-context.ts";
import { causeEntryOf } from "./cause-entry.ts";
import { TRACEPARENT, traceparentOf } from "./traceparent.ts";

/**
 * Writes the action into what goes to another process or thread: `traceparent`, which names its
 * span (W3C Trace Context), if it has one, and `lifecycle.cause`, which names the action itself, in
 * at most 194 characters that a header takes. Default: the current action; without one nothing is
 * written. Returns the carrier. Never throws; a carrier that takes no entries is counted.
 */
export const inject = <C extends Readonly<Record<string, unknown>>>(
  carrier: C,
  action?: Action,
): C => {
  const ref = guarded("action to inject", () => refOf(action ?? currentAction()));
  if (ref === undefined) return carrier;
  try {
    write(carrier, ref);
  } catch {
    noteBounded("carrier to inject into", "expected an object that takes entries, left as it is.");
  }
  return carrier;
};

// Out of its context, where every copy of the package finds it.
const refOf = (action: Action | undefined): ActionRef | undefined =>
  action === undefined ? undefined : getAction(action.context)?.ref;

const write = (carrier: Record<string, unknown>, ref: ActionRef): void => {
  const span = spanContextOf(ref);
  if (span !== undefined) carrier[TRACEPARENT] = traceparentOf(span);
  carrier[ENTRY_CAUSE] = causeEntryOf(ref);
};
