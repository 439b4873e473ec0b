import { type Context, trace } from "@opentelemetry/api";
import { getRun } from "../lifecycle-context.ts";
import type { ManagedRun } from "./managed-run.ts";
import { getSpanState } from "./span-state.ts";

/**
 * The run in whose code a context is. The active span may know better than the context does: it
 * may be one that was adopted as a run, or below one, after the context was made.
 */
export const runIn = (context: Context): ManagedRun | undefined => {
  const span = trace.getSpan(context);
  const state = span === undefined ? undefined : getSpanState(span);
  if (state === undefined) return getRun(context);
  return state.type === "run" ? state : state.run;
};

/** The run in whose code a context is, and those around it. */
export function* runsAround(context: Context): Generator<ManagedRun> {
  for (let run = runIn(context); run !== undefined; run = run.parent) yield run;
}

/** The nearest run in whose code a context is that has not ended. */
export const liveRunIn = (context: Context): ManagedRun | undefined => {
  let run = runIn(context);
  while (run?.close !== undefined) run = run.parent;
  return run;
};
