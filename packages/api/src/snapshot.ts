import { registry } from "./registry.ts";
import { processNode } from "./scopes/scope.ts";

/** What is in flight in this thread, and what was bounded. */
export interface LifecycleSnapshot {
  /** Runs in flight. */
  readonly runs: number;
  /** Actions whose span has not ended. */
  readonly actions: number;
  /** How often a value was bounded or dropped, or a step of ours failed, by what it was. */
  readonly bounded: Readonly<Record<string, number>>;
}

/** For health endpoints and tests: costs next to nothing and changes nothing. */
export const lifecycleSnapshot = (): LifecycleSnapshot => ({
  runs: processNode().activeCount,
  actions: registry.actions.size,
  bounded: Object.fromEntries(registry.bounded),
});
