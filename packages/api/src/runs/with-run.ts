import { enterContext } from "../active-context.ts";
import { type Observed, observed } from "../observed.ts";
import { beginRun } from "./begin-run.ts";
import type { ManagedRun } from "./managed-run.ts";
import type { Run, RunOptions } from "./run.ts";

/**
 * Calls `fn` as a run: with a span of its own active, in flight in its scope until `fn` has
 * returned, thrown or, where it gives a promise, settled. Result and error are `fn`'s own; anything that is
 * awaited, a query builder for instance, is, and comes back as a plain promise.
 */
export const withRun = <T>(options: RunOptions, fn: (run: Run) => T): Observed<T> => {
  const run = beginRun(options);
  return observed(run, () => enterContext<ManagedRun, T>(run.context, fn, run));
};
