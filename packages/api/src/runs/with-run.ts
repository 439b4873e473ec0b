import { enterContext } from "../active-context.ts";
import { observed } from "../observed.ts";
import { beginRun } from "./begin-run.ts";
import type { ManagedRun } from "./managed-run.ts";
import type { Run, RunOptions } from "./run.ts";

/**
 * Calls `fn` as a run: with a span of its own active, in flight in its scope until `fn` has
 * returned, thrown or, where it gives a promise, settled. Result and error are `fn`'s own.
 */
export const withRun = <T>(options: RunOptions, fn: (run: Run) => T): T => {
  const run = beginRun(options);
  return observed(run, () => enterContext<ManagedRun, T>(run.context, fn, run));
};
