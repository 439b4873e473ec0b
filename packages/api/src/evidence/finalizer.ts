import { type Observed, observed } from "../observed.ts";
import { now } from "../registry.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import { note } from "./recorder.ts";

/** Calls `fn` and takes down that it started, how it ended and how long that took. */
export const finalize = <T>(run: ManagedRun, name: string, fn: () => T): Observed<T> => {
  const began = now();
  note(run, "finalizer_started", { name });
  return observed(
    {
      end: () => note(run, "finalizer_completed", { name, durationMs: now() - began }),
      fail: (error) => note(run, "finalizer_failed", { name, durationMs: now() - began, error }),
    },
    fn,
  );
};
