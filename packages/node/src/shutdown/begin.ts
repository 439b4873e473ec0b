import type { Action } from "@otel-lifecycle/api";
import { beginShutdown, type ShutdownTrigger } from "@otel-lifecycle/sdk";
import { attempt } from "./attempt.ts";

/**
 * How long a shutdown covers a process that has listeners of its own to the trigger, in ms: it may
 * live on. As long as orchestrators wait at most, by their defaults, before they kill.
 */
export const MAY_LIVE_ON_MS = 90_000;

/** Begins the process's shutdown, if none is under way. */
export const begin = (trigger: ShutdownTrigger): Action | undefined =>
  attempt("begin of a shutdown", () => beginShutdown(trigger));

/** As `begin`, where the process may live on; `emit` is called within the shutdown. */
export const beginAround = (trigger: ShutdownTrigger, emit: () => boolean): boolean => {
  const action = begin({ ...trigger, settleTimeoutMs: MAY_LIVE_ON_MS });
  if (action === undefined) return emit();
  let isEmitted = false;
  const emitOnce = (): boolean => {
    isEmitted = true;
    return emit();
  };
  try {
    return action.with(emitOnce);
  } catch (error) {
    // What a listener throws is the host's; what throws before them must not keep them from it.
    if (isEmitted) throw error;
    return emit();
  }
};
