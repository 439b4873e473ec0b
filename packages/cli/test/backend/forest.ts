import fc from "fast-check";
import type { LifecycleSpan } from "../../src/index.ts";
import { storedSpan, traceIdOf } from "./stored-spans.ts";

/** Actions nested in earlier ones, and runs that some of them closed, over traces and services. */
export interface Forest {
  readonly actions: readonly { readonly parent: number | undefined; readonly trace: number }[];
  readonly runs: readonly { readonly closer: number | undefined; readonly trace: number }[];
  readonly spans: readonly LifecycleSpan[];
}

export const SERVICES: readonly string[] = ["web", "worker", "cron"];
export const TRACES = 12;

const trace = fc.nat(TRACES - 1);
const service = fc.constantFrom(...SERVICES);

const seed = fc.record({
  actions: fc.array(
    fc.record({
      trace,
      service,
      parent: fc.option(fc.nat(5), { nil: undefined }),
      counts: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
  runs: fc.array(
    fc.record({
      trace,
      service,
      closer: fc.option(fc.nat(5), { nil: undefined }),
      names: fc.boolean(),
    }),
    { maxLength: 12 },
  ),
});

export const forests: fc.Arbitrary<Forest> = seed.map(({ actions, runs }) => {
  const parentOf = (at: number): number | undefined => {
    const parent = actions[at]?.parent;
    return parent !== undefined && parent < at ? parent : undefined;
  };
  const closerOf = (at: number): number | undefined => {
    const closer = runs[at]?.closer;
    return closer !== undefined && closer < actions.length ? closer : undefined;
  };
  const spans = [
    ...actions.map((action, at) => {
      const closed = runs.filter((_, run) => closerOf(run) === at).length;
      const parent = parentOf(at);
      return storedSpan(placeOf(action.trace, at), action.service, {
        "lifecycle.action.id": actionId(at),
        "lifecycle.action.result": "completed",
        ...(parent === undefined
          ? {}
          : {
              "lifecycle.action.parent_id": actionId(parent),
              "lifecycle.action.root_id": actionId(rootOf(at, parentOf)),
            }),
        ...(action.counts
          ? {
              "lifecycle.action.covered_run_count": closed,
              "lifecycle.action.interrupted_run_count": closed,
            }
          : {}),
      });
    }),
    ...runs.map((run, at) => {
      const closer = closerOf(at);
      return storedSpan(placeOf(run.trace, actions.length + at), run.service, {
        "lifecycle.run.id": runId(at),
        "lifecycle.run.result": closer === undefined ? "completed" : "interrupted",
        ...(closer === undefined ? {} : { "lifecycle.close.action.id": actionId(closer) }),
        ...(closer === undefined || !run.names
          ? {}
          : { "lifecycle.close.action.trace_id": traceIdOf(actions[closer]?.trace ?? 0) }),
      });
    }),
  ];
  return {
    actions: actions.map(({ trace }, at) => ({ trace, parent: parentOf(at) })),
    runs: runs.map(({ trace }, at) => ({ trace, closer: closerOf(at) })),
    spans,
  };
});

/** The root of an action's tree. */
export function rootOf(at: number, parentOf: (at: number) => number | undefined): number {
  const parent = parentOf(at);
  return parent === undefined ? at : rootOf(parent, parentOf);
}

export function actionId(at: number): string {
  return `action-${at}`;
}

export function runId(at: number): string {
  return `run-${at}`;
}

/** Two seconds between traces, so that a window of one second never holds two of them. */
function placeOf(trace: number, span: number) {
  return { trace, span: span + 1, atMs: trace * 2000 };
}
