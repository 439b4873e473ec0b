import type { Cause } from "../closes/cause.ts";
import type { ActionRef } from "../closes/close.ts";
import { registry } from "../registry.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import type { ActionProvenance } from "./action-start.ts";
import type { ManagedAction } from "./managed-action.ts";

/**
 * An action's claim on a scope: one append there covers whatever runs in it. It is a cause that
 * all its runs share.
 */
export type Cover = Extract<Cause, { type: "lifecycle_action" }> & {
  /** False where the action only records. */
  readonly asks: boolean;
  /** It never lapses: the process is being shut down. */
  isFinal: boolean;
  /** While the action's code runs, what begins in the scope is covered too. */
  isOpen: boolean;
  /** The action until its span ends, when the cover lapses. */
  owner: ManagedAction | undefined;
  /** Here, because a run may take longer to stop than the action's span is open. */
  readonly provenance: ActionProvenance;
};

export const isCover = (cause: Cause): cause is Cover => "owner" in cause;

/** True if the action was started in this run's code, or in that of a run inside it. */
export const isHost = (run: ManagedRun, action: ActionRef): boolean =>
  action.startedIn.includes(run.began);

/** True if `inner` is `outer` or was started, however deep, in its code. */
export const isWithin = (inner: ActionRef | undefined, outer: ActionRef): boolean => {
  for (let at = inner; at !== undefined; at = at.begunIn) if (at.id === outer.id) return true;
  return false;
};

/** The action itself, or if its span has ended the nearest one in whose code it was started that has not. */
export const openAction = (action: ActionRef | undefined): ActionRef | undefined => {
  let open = action;
  while (open !== undefined && !registry.actions.has(open.id)) open = open.begunIn;
  return open;
};
