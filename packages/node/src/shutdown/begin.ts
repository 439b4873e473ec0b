import type { Action } from "@otel-lifecycle/api";
import { beginShutdown, type ShutdownTrigger } from "@otel-lifecycle/sdk";
import { attempt } from "./attempt.ts";

/**
 * How long a shutdown covers a process that has listeners of its own to the trigger, in ms: it may
 * live on. As long as orchestrators wait at most, by their defaults, before they kill.
 */
export const MAY_LIVE_ON_MS = 90_000;

/** The same for Ctrl-C, with which a user may stop one task of a program and not the program. */
const MAY_LIVE_ON_AFTER_SIGINT_MS = 10_000;

/** Begins the process's shutdown, if none is under way. */
export const begin = (trigger: ShutdownTrigger): Action | undefined =>
  attempt("begin of a shutdown", () => beginShutdown(trigger));

/** As `begin`, where the process may live on; `emit` is called within the shutdown. */
export const beginAround = (trigger: ShutdownTrigger, emit: () => boolean): boolean => {
  const settleTimeoutMs =
    trigger.signal === "SIGINT" ? MAY_LIVE_ON_AFTER_SIGINT_MS : MAY_LIVE_ON_MS;
  const action = begin({ ...trigger, settleTimeoutMs });
  if (action === undefined) return emit();
  // Tried first, because what a listener throws is the host's and is not to be caught here: Node
  // shows the line that threw last.
  const canEnter = attempt("context of a shutdown", () => action.with(() => true)) === true;
  return canEnter ? action.with(emit) : emit();
};
