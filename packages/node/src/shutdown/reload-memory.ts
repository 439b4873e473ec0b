import type { ShutdownTrigger } from "@otel-lifecycle/sdk";

/** The last signal that may have been a reload. */
export interface ReloadMemory {
  readonly remember: (trigger: ShutdownTrigger) => void;
  /** What was remembered, while it is recent enough to be the reason of what follows. */
  readonly recall: () => ShutdownTrigger | undefined;
}

/** Remembers a trigger for `limitMs`: whether it was a shutdown shows only if the process goes. */
export const createReloadMemory = (limitMs: number): ReloadMemory => {
  let last: { readonly trigger: ShutdownTrigger; readonly at: number } | undefined;
  return {
    remember: (trigger) => {
      last = { trigger, at: performance.now() };
    },
    recall: () =>
      last !== undefined && performance.now() - last.at < limitMs ? last.trigger : undefined,
  };
};
