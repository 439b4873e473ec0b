import { ROOT_CONTEXT } from "@opentelemetry/api";
import { type Action, type ActionTrigger, processScope, startAction } from "@otel-lifecycle/api";
import {
  enterContext,
  type ManagedAction,
  processNode,
  registry,
} from "@otel-lifecycle/api/internal";

/** What set a shutdown off. Values out of bounds are bounded and counted. */
export interface ShutdownTrigger {
  readonly trigger: ActionTrigger;
  /** What asked, as a template or a dotted name of at most 100 characters: `process.exit`. */
  readonly operation?: string;
  /** The process signal, where that is the trigger: `SIGTERM`. */
  readonly signal?: string;
  /** How long the shutdown covers what runs, in ms, unless it is over before. Default: 2^31 - 1. */
  readonly settleTimeoutMs?: number;
}

/**
 * Begins the shutdown of the process: one action on the process scope, from its first trigger to
 * the end. It covers what is in flight and asks nobody to stop, so what finishes while the
 * application drains has completed. If one is under way, also one of the application's own, that
 * is the one. Never throws.
 */
export const beginShutdown = (trigger: ShutdownTrigger): Action => {
  const underWay = shutdownUnderWay();
  if (underWay !== undefined) return underWay;
  const action = enterContext(ROOT_CONTEXT, startAction, {
    settleTimeoutMs: 2 ** 31 - 1,
    ...trigger,
    kind: "shutdown",
    scope: processScope(),
    interrupt: "record",
  });
  registry.shutdown = registry.actions.get(action.id);
  return action;
};

/** The shutdown of the process that has begun and is not over. */
export const shutdownUnderWay = (): ManagedAction | undefined => {
  for (const action of registry.actions.values()) {
    const { kind, scope, isRunning } = action;
    if (kind === "shutdown" && isRunning && scope === processNode()) return action;
  }
  // That of a process which goes away is over with the process, though its span has ended.
  const { shutdown } = registry;
  return shutdown?.cover.isFinal === true ? shutdown : undefined;
};
