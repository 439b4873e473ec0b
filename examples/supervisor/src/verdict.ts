import { deepStrictEqual } from "node:assert";
import { type AccountJson, type Receiver, toJson } from "why-closed";
import { type WireSpan, wireSpansOf } from "./wire-span.ts";

/** What the supervisor did. */
export interface Driven {
  /** The id of its action. */
  readonly action: string;
  /** The workers by name, and the ids of their runs in order. */
  readonly workers: readonly { readonly name: string; readonly runs: readonly string[] }[];
}

/** Throws an `AssertionError` with the difference unless what arrived is what was done. */
export const assertDriven = ({ account, requests }: Receiver, driven: Driven): void =>
  deepStrictEqual(received(toJson(account()), wireSpansOf(requests)), expected(driven));

/** What is to be received, all of it, with names of processes for ids of spans. */
const expected = ({ action, workers }: Driven): Received => ({
  actions: [
    {
      ...DISPOSE,
      process: "supervisor",
      scope: "fleet",
      operation: "Supervisor.disposeAll",
      parentId: null,
      parentSpanIn: null,
      runs: NO_RUNS,
      closed: [],
    },
    ...workers.map(({ name, runs }) => ({
      ...DISPOSE,
      process: name,
      scope: "instance_store",
      operation: null,
      parentId: action,
      parentSpanIn: "supervisor",
      runs: { ...NO_RUNS, covered: runs.length, interrupted: runs.length },
      closed: [...runs],
    })),
  ],
  runs: workers.flatMap(({ name, runs }) =>
    runs.map((id) => ({
      process: name,
      id,
      result: "interrupted",
      class: "lifecycle_action",
      confidence: "high",
      closedIn: name,
    })),
  ),
  tracesOfTheAction: 1,
});

const DISPOSE = { kind: "dispose_all", trigger: "cli", signal: null, result: "completed" };
const NO_RUNS = { covered: 0, interrupted: 0, completed: 0, failed: 0, other: 0, unsettled: 0 };

type Received = ReturnType<typeof received>;

const received = ({ actions, runs }: AccountJson, spans: readonly WireSpan[]) => {
  const bySpanId = new Map(spans.map((span) => [span.spanId, span]));
  const processOf = (spanId: string | undefined) => bySpanId.get(spanId ?? "")?.process ?? null;
  const processOfAction = (id: string | null) =>
    processOf(actions.find((action) => action.id === id)?.spanId);
  const ofTheAction = spans.filter(({ name }) => /^(?:dispose_all|interrupt) /.test(name));

  return {
    actions: actions
      .map((action) => ({
        process: processOf(action.spanId),
        kind: action.kind,
        scope: action.scope,
        trigger: action.trigger,
        operation: action.operation,
        signal: action.signal,
        result: action.result,
        runs: action.runs,
        parentId: action.parentId,
        parentSpanIn: processOf(bySpanId.get(action.spanId)?.parentSpanId),
        closed: action.closed.toSorted(),
      }))
      .toSorted(byProcess),
    runs: runs
      .map((run) => ({
        process: processOf(run.spanId),
        id: run.id,
        result: run.result,
        class: run.class,
        confidence: run.confidence,
        closedIn: processOfAction(run.actionId),
      }))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    tracesOfTheAction: new Set(ofTheAction.map((span) => span.traceId)).size,
  };
};

const byProcess = (one: { process: string | null }, other: { process: string | null }): number =>
  `${one.process}` < `${other.process}` ? -1 : 1;
