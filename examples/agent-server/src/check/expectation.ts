import type { AccountJson } from "why-closed";
import { byId } from "./by-id.ts";
import { differences } from "./difference.ts";
import { type Driven, type DrivenAction, type DrivenRun, wasAsked } from "./driven.ts";

/** Where the account is not what was driven. Whole objects are compared: nothing may be extra. */
export const unmetExpectations = (driven: Driven, account: AccountJson): string[] =>
  differences(expectedStory(driven), toldStory(account));

const expectedStory = ({ runs, actions }: Driven): object => ({
  runs: byId(
    runs.map((run) => ({
      id: run.id,
      name: "agent run",
      scope: "instance",
      result: run.result,
      class: run.class ?? null,
      confidence: run.confidence ?? null,
      via: run.via ?? null,
      actionId: run.action ?? null,
      missing: run.class === "unknown_scope_close" ? "lifecycle.close_requested" : null,
    })),
  ),
  actions: byId(actions.map((action) => expectedAction(action, runs))),
  actionCount: actions.reduce((count, { inner }) => count + 1 + inner.length, 0),
  // Each run that was asked to stop had one call in flight, to its model or to a tool.
  inherited: runs.filter(wasAsked).length,
});

const expectedAction = (
  { id, kind, scope, operation, inner }: DrivenAction,
  runs: readonly DrivenRun[],
) => {
  const closed = runs.filter(({ action }) => action === id).map((run) => run.id);
  return {
    id,
    kind,
    scope,
    trigger: "http",
    operation,
    result: "completed",
    runs: { ...NO_RUNS, covered: closed.length, interrupted: closed.length },
    closed: sorted(closed),
    inner: [...inner]
      .sort((a, b) => a - b)
      .map((count) => ({
        kind: "dispose",
        scope: "instance",
        result: "completed",
        runs: { ...NO_RUNS, covered: count, other: count },
        closed: "",
      })),
  };
};

const NO_RUNS = {
  covered: 0,
  interrupted: 0,
  completed: 0,
  failed: 0,
  other: 0,
  unsettled: 0,
} as const;

const toldStory = (account: AccountJson): object => ({
  runs: byId(
    account.runs.map(({ id, name, scope, result, class: closeClass, missing, ...run }) => ({
      id,
      name,
      scope,
      result,
      class: closeClass,
      confidence: run.confidence,
      via: run.via,
      actionId: run.actionId,
      missing: missing === null || missing.length === 0 ? null : sorted(missing),
    })),
  ),
  actions: byId(
    account.actions
      .filter(({ parentId }) => parentId === null)
      .map((action) => ({
        ...toldAction(action),
        id: action.id,
        trigger: action.trigger,
        operation: action.operation,
        inner: account.actions
          .filter(({ parentId }) => parentId === action.id)
          .sort((a, b) => a.runs.covered - b.runs.covered)
          .map(toldAction),
      })),
  ),
  actionCount: account.actions.length,
  inherited: account.inherited,
});

const toldAction = ({ kind, scope, result, runs, closed }: AccountJson["actions"][number]) => ({
  kind,
  scope,
  result,
  runs,
  closed: sorted(closed),
});

const sorted = (ids: readonly string[]): string => [...ids].sort().join(" ");
