import { enterContext } from "../active-context.ts";
import { type Observed, observed } from "../observed.ts";
import type { Action, ActionOptions } from "./action.ts";
import { beginAction } from "./begin-action.ts";
import type { ManagedAction } from "./managed-action.ts";

/**
 * Calls `fn` as a lifecycle action: covers the scope, asks what is in flight to stop, and calls
 * `fn` with the action active. The first runs (about 3 ms of them) are asked before `fn` is
 * entered, the rest in later turns of the event loop. Result, error and timing are `fn`'s own:
 * nothing is awaited on the caller's behalf.
 */
export const withAction = <T>(options: ActionOptions, fn: (action: Action) => T): Observed<T> => {
  const action = beginAction(options);
  return observed(action, () => enterContext<ManagedAction, T>(action.context, fn, action));
};
