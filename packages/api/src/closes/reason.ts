import type { ActionRef } from "./close.ts";

/** What an abort reason of ours says, however deep it is carried as a cause. */
export type Reason =
  | { readonly type: "lifecycle_action"; readonly action: ActionRef; readonly run: number }
  | { readonly type: "user_cancel" };

const REASON: unique symbol = Symbol.for("@otel-lifecycle/api.reason.v1");

// An error of its own for each run, because frameworks mutate errors, and bland, because they
// send them to clients: what it says is a getter of its prototype, as `name` and `code` are
// values of it, so that neither its text nor its JSON tells anything. The parts stand on the error
// itself: of a hundred thousand that are kept, each object less is one less to move.
class AbortReason extends Error {
  declare readonly code: "ABORT_ERR";
  readonly #action: ActionRef | undefined;
  readonly #run: number;

  constructor(action: ActionRef | undefined, run: number) {
    super("The operation was aborted");
    this.#action = action;
    this.#run = run;
  }

  get [REASON](): Said {
    const action = this.#action;
    if (action === undefined) return { reason: { type: "user_cancel" }, error: this };
    return { reason: { type: "lifecycle_action", action, run: this.#run }, error: this };
  }
}
Object.defineProperties(AbortReason.prototype, {
  name: { value: "AbortError", writable: true, configurable: true },
  code: { value: "ABORT_ERR", writable: true, configurable: true },
});

/** With the error that says it, so that nothing else can be taken for one. */
interface Said {
  readonly reason: Reason;
  readonly error: Error;
}

/** The reason with which an action stops one run. */
export const lifecycleReason = (action: ActionRef, run: number): Error =>
  withoutStack(() => new AbortReason(action, run));

/**
 * An abort reason for the application's own controllers: `controller.abort(userCancel())` proves
 * that the user asked, wherever the reason travels.
 */
export const userCancel = (): Error => new AbortReason(undefined, 0);

/** The same as `AbortSignal.timeout` gives. */
export const timeoutReason = (): DOMException =>
  new DOMException("The operation was aborted due to timeout", "TimeoutError");

/** What one error says by itself, its causes not looked at. */
export const reasonOn = (error: object): Reason | undefined => {
  const said = (error as { readonly [REASON]?: Said })[REASON];
  if (said?.error !== error || typeof said.reason?.type !== "string") return undefined;
  return said.reason;
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
