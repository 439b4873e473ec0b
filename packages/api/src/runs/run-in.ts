import { type Context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { getRun, isLayer } from "../lifecycle-context.ts";
import { registry } from "../registry.ts";
import type { ManagedRun } from "./managed-run.ts";
import { getSpanState } from "./span-state.ts";

/**
 * The run in whose code a context is. The active span may know better than the context does: it
 * may be one that was adopted as a run, or below one, after the context was made, or the context
 * may have been made anew from the span.
 */
export const runIn = (context: Context): ManagedRun | undefined => {
  if (context === ROOT_CONTEXT) return undefined;
  const run = isLayer(context) ? context.run : undefined;
  if (run !== undefined && !registry.hasAdopted) return run;
  const span = trace.getSpan(context);
  const state = span === undefined ? undefined : getSpanState(span);
  if (state === undefined) return run ?? getRun(context);
  return state.type === "run" ? state : state.run;
};

/** The run in whose code a context is, and those around it. */
export function* runsAround(context: Context): Generator<ManagedRun> {
  for (let run = runIn(context); run !== undefined; run = run.parent) yield run;
}

/** The run itself, or if it has ended the nearest one around it that has not. */
export const liveRun = (run: ManagedRun | undefined): ManagedRun | undefined => {
  let live = run;
  while (live?.close !== undefined) live = live.parent;
  return live;
};
