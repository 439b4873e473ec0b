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
    Object.defineProperty(this, REASON, { value: { ...reason, error: this } });
  }
}
Object.defineProperties(AbortReason.prototype, {
  name: { value: "AbortError", writable: true, configurable: true },
  code: { value: "ABORT_ERR", writable: true, configurable: true },
});

/** The reason with which an action stops one run. */
export const lifecycleReason = (action: ActionRef, run: number): Error =>
  withoutStack(() => new AbortReason({ type: "lifecycle_action", action, run }));

/**
 * An abort reason for the application's own controllers: `controller.abort(userCancel())` proves
 * that the user asked, wherever the reason travels.
 */
export const userCancel = (): Error => new AbortReason({ type: "user_cancel" });

/** The same as `AbortSignal.timeout` gives. */
export const timeoutReason = (): DOMException =>
  new DOMException("The operation was aborted due to timeout", "TimeoutError");

/** What one error says by itself, its causes not looked at. It must say so of itself. */
export const reasonOn = (error: object): Reason | undefined => {
  const reason = (error as { readonly [REASON]?: Reason & { readonly error: object } })[REASON];
  return reason?.error === error && typeof reason.type === "string" ? reason : undefined;
};

// Where a reason was made says nothing about the run, and to take that down costs more than all
// else that stopping it does.
const withoutStack = <T>(make: () => T): T => {
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = 0;
  } catch {
    // Frozen intrinsics: then with a stack.
    return make();
  }
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
};
