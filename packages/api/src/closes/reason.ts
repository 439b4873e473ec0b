import type { ActionRef } from "./close.ts";

/** What an abort reason of ours says, however deep it is carried as a cause. */
export type Reason =
  | { readonly type: "lifecycle_action"; readonly action: ActionRef; readonly run: number }
  | { readonly type: "user_cancel" };

const REASON = Symbol.for("@otel-lifecycle/api.reason.v1");

// An error of its own for each run, because frameworks mutate errors, and bland, because they
// send them to clients: the author hangs on it non-enumerably, `name` and `code` on its
// prototype, so that neither text nor JSON of it says anything.
class AbortReason extends Error {
  declare readonly code: "ABORT_ERR";

  constructor(reason: Reason) {
    super("The operation was aborted");
    Object.defineProperty(this, REASON, { value: reason });
  }
}
Object.defineProperties(AbortReason.prototype, {
  name: { value: "AbortError", writable: true, configurable: true },
  code: { value: "ABORT_ERR", writable: true, configurable: true },
});

/** The reason with which an action stops one run. */
export const lifecycleReason = (action: ActionRef, run: number): Error =>
  new AbortReason({ type: "lifecycle_action", action, run });

/**
 * An abort reason for the application's own controllers: `controller.abort(userCancel())` proves
 * that the user asked, wherever the reason travels.
 */
export const userCancel = (): Error => new AbortReason({ type: "user_cancel" });

/** The same as `AbortSignal.timeout` gives. */
export const timeoutReason = (): DOMException =>
  new DOMException("The operation was aborted due to timeout", "TimeoutError");

/** What one error says by itself, its causes not looked at. */
export const reasonOn = (error: object): Reason | undefined =>
  (error as { readonly [REASON]?: Reason })[REASON];
