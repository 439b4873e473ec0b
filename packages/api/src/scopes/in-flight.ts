import { guarded } from "../diagnostics.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import { liveRun } from "../runs/run-in.ts";
import type { ScopeNode } from "./scope.ts";

/** Enters a run into its scopes and into the run around it; synchronous, like all of the registry. */
export const enter = (run: ManagedRun): void => {
  const { parent, scope } = run;
  if (parent !== undefined) {
    parent.children ??= new Set();
    parent.children.add(run);
    run.path = joined(scope.path, parent.path);
    if (run.path !== scope.path) for (const node of run.path) visit(node, run);
  }
  scope.runs.add(run);
  for (const node of run.path) {
    node.activeCount += 1;
    if (node.activeCount === 1) node.parent?.activeChildren.add(node);
  }
};

/** Takes a run out again, with what it held. Once. */
export const leave = (run: ManagedRun): void => {
  const { scope } = run;
  if (run.release !== undefined) guarded("release of a run", run.release);
  run.parent?.children?.delete(run);
  if (run.children !== undefined) handOver(run.children, liveRun(run.parent));
  scope.runs.remove(run);
  for (const node of run.path) {
    if (run.path !== scope.path) node.visitors?.delete(run);
    node.activeCount -= 1;
    if (node.activeCount === 0) node.parent?.activeChildren.remove(node);
  }
};

// What still runs inside it goes on inside the run around it, and keeps no chain of those that ended.
const handOver = (children: Set<ManagedRun>, parent: ManagedRun | undefined): void => {
  for (const child of children) {
    child.parent = parent;
    if (parent === undefined) continue;
    parent.children ??= new Set();
    parent.children.add(child);
  }
};

/** Every run in a scope and below it, some twice; safe against runs that begin or end meanwhile. */
export function* runsIn(scope: ScopeNode): Generator<ManagedRun> {
  yield* scope.runs;
  if (scope.visitors !== undefined) yield* scope.visitors;
  for (const child of scope.activeChildren) yield* runsIn(child);
}

// A run inside a run of another scope is closed with either.
const joined = (own: readonly ScopeNode[], around: readonly ScopeNode[]): readonly ScopeNode[] => {
  const missing = around.filter((node) => !own.includes(node));
  return missing.length === 0 ? own : [...own, ...missing];
};

const visit = (node: ScopeNode, run: ManagedRun): void => {
  if (node === run.scope) return;
  node.visitors ??= new Set();
  node.visitors.add(run);
};
