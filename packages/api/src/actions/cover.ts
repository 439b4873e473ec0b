import type { Cause } from "../closes/cause.ts";
import type { ActionRef } from "../closes/close.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import type { ManagedAction } from "./managed-action.ts";

/**
 * An action's claim on a scope: one append there covers whatever runs in it. It is a cause that
 * all its runs share.
 */
export type Cover = Extract<Cause, { type: "lifecycle_action" }> & {
  /** False where the action only records. */
  readonly asks: boolean;
  /** The action while the cover stands; taken away when it lapses. */
  owner: ManagedAction | undefined;
  /** The run in whose code the action was started. */
  readonly host: ManagedRun | undefined;
};

export const isCover = (cause: Cause): cause is Cover => "owner" in cause;

/** True if the action was started in this run's code, or in that of a run inside it. */
export const isHost = (run: ManagedRun, cover: Cover): boolean => {
  for (let at = cover.host; at !== undefined; at = at.parent) if (at === run) return true;
  return false;
};

/** True if `inner` is `outer` or was started, however deep, in its code. */
export const isWithin = (inner: ActionRef | undefined, outer: ActionRef): boolean => {
  for (let at = inner; at !== undefined; at = at.parent) if (at.id === outer.id) return true;
  return false;
};
