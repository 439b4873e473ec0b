import { type Context, createContextKey } from "@opentelemetry/api";
import { activeContext, enterContext } from "../active-context.ts";
import { noteBounded } from "../diagnostics.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import { runIn } from "../runs/run-in.ts";
import { isScope, processNode, type Scope, type ScopeNode } from "./scope.ts";

/** A scope in a context, and the run in whose code it was put there. */
interface Placed {
  readonly scope: ScopeNode;
  readonly run: ManagedRun | undefined;
}

const SCOPE = createContextKey("@otel-lifecycle/api scope v1");

/**
 * Calls `fn` with a scope for the runs that begin in it and are given none: local root spans of
 * other instrumentations too, such as the jobs that a queue hands out. Result and error are `fn`'s
 * own. Never throws by itself: what is no scope is counted, and changes nothing.
 */
export const withScope = <T>(scope: Scope, fn: () => T): T => {
  if (!isScope(scope)) {
    noteBounded("current scope", "expected a scope of this package, the enclosing one stands.");
    return fn();
  }
  const around = activeContext();
  const placed: Placed = { scope, run: runIn(around) };
  return enterContext(around.setValue(SCOPE, placed), fn, undefined);
};

/** The scope of what begins in a context: of the run around it, or one that was put there since. */
export const scopeIn = (context: Context, run: ManagedRun | undefined): ScopeNode => {
  const placed = context.getValue(SCOPE) as Placed | undefined;
  if (placed !== undefined && placed.run === run) return placed.scope;
  return run?.scope ?? processNode();
};
