import type { CloseVia } from "../attributes.ts";
import type { ActionRef } from "./close.ts";

interface Initiation {
  /** The number that the initiation took on the thread's counter. */
  readonly seq: number;
  /** When it took effect, in ms on the monotonic clock; a deadline's is when it was due. */
  readonly at: number;
  readonly via: CloseVia;
  /** The reason of the application's signal, where it was that signal which fired. */
  readonly reason?: unknown;
}

/**
 * What may close a run, from the moment it was initiated. The standing cause with the smallest
 * place on the counter closes the run; the others are evidence.
 */
export type Cause = Initiation &
  (
    | { readonly type: "lifecycle_action"; readonly action: ActionRef }
    | { readonly type: "user_cancel" }
    | { readonly type: "client_disconnect" }
    | { readonly type: "timeout" }
    | { readonly type: "upstream_disconnect"; readonly errorType: string }
    | { readonly type: "unknown_scope_close" }
  );

/**
 * The earlier of two causes. By time first, because a deadline counts from when it was due
 * although its timer fired late; numbers decide between equal times.
 */
export const earlier = (a: Cause | undefined, b: Cause): Cause => {
  if (a === undefined) return b;
  if (a.at !== b.at) return a.at < b.at ? a : b;
  return a.seq < b.seq ? a : b;
};
