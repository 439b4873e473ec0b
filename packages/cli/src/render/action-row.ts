import type { ActionAccount } from "../account/action-account.ts";
import type { ClosedRun, ClosingAction } from "../account/run-account.ts";
import type { ActionNode } from "./action-forest.ts";
import { nestedOutcome, rootOutcome } from "./action-outcome.ts";
import { cutRows } from "./cut-rows.ts";
import type { Cell, Row } from "./row.ts";
import { incidentRows, LONGEST_ID, LONGEST_NAME, runCell, stoppedCell } from "./run-row.ts";
import { screenText } from "./screen-text.ts";
import { type Said, serviceText } from "./service-text.ts";

// An operation is a template of at most 100 characters.
const LONGEST_OPERATION = 100;

/** How rows list what hangs below them. */
export interface Listing {
  /** How many runs, and how many nested actions, in one place. */
  readonly longest: number;
  readonly said: Said;
}

/** A whole action: itself, below it the runs that it closed and the actions nested in it. */
export function actionRow(node: ActionNode, listing: Listing): Row {
  const { action, nested } = node;
  return rowOf(
    action,
    nested,
    { origin: originOf(action) ?? "", outcome: rootOutcome(node) },
    listing,
  );
}

/** An action that is known by the runs that name it alone. */
export function absentActionRow(
  action: ClosingAction,
  runs: readonly ClosedRun[],
  listing: Listing,
): Row {
  return {
    cells: [
      { text: token(action.kind ?? "action"), style: "title" },
      ...(action.trigger === undefined ? [] : [{ text: token(action.trigger) }]),
      { text: "the action's span is not in this input", style: "warning" },
      idCell(action.id),
    ],
    below: runRows(runs, listing),
  };
}

function nestedRow({ action, nested }: ActionNode, listing: Listing): Row {
  // Its trigger is that of the action around it.
  const origin = action.operation ?? action.signal;
  return rowOf(action, nested, { origin, outcome: nestedOutcome(action) }, listing);
}

function rowOf(
  action: ActionAccount,
  nested: readonly ActionNode[],
  { origin, outcome }: { readonly origin: string | undefined; readonly outcome: string },
  listing: Listing,
): Row {
  // What hangs below is taken for the action's own service.
  const below = { ...listing, said: action.service ?? listing.said };
  return {
    cells: [
      titleCell(action, listing.said),
      ...(origin === undefined ? [] : [{ text: screenText(origin, LONGEST_OPERATION) }]),
      { text: outcome },
      ...failureCells(action),
      // Last, because it is to be searched for, not read.
      idCell(action.id),
    ],
    below: [
      ...runRows(action.closed, below),
      ...absentRunRows(action),
      ...cutRows(nested, listing.longest, (node) => nestedRow(node, below)),
    ],
  };
}

function runRows(runs: readonly ClosedRun[], { longest, said }: Listing): readonly Row[] {
  return cutRows(runs, longest, (run) => ({
    cells: [runCell(run, said), stoppedCell(run)],
    below: incidentRows(run),
  }));
}

/** A sampled or half-delivered input has fewer runs than the action counted. */
function absentRunRows({ runs, closed }: ActionAccount): readonly Row[] {
  const absent = runs.interrupted - closed.length;
  if (absent <= 0) return [];
  return [
    {
      cells: [{ text: `${absent} more that it stopped are not in this input`, style: "warning" }],
      below: [],
    },
  ];
}

function titleCell(action: ActionAccount, said: Said): Cell {
  const { kind, scope, scopeKey } = action;
  const key = scopeKey === undefined ? "" : ` (${screenText(scopeKey, 9)})`;
  return {
    text: `${`${token(kind ?? "action")} ${token(scope ?? "")}${key}`.trimEnd()}${serviceText(action, said)}`,
    style: "title",
  };
}

function idCell(id: string): Cell {
  return { text: screenText(id, LONGEST_ID), style: "aside" };
}

function originOf({ operation, signal, trigger }: ActionAccount): string | undefined {
  return operation ?? signal ?? trigger;
}

function failureCells({ result, errorType }: ActionAccount): readonly Cell[] {
  if (result !== "failed") return [];
  const withType = errorType === undefined ? "" : ` with ${token(errorType)}`;
  return [{ text: `the action itself failed${withType}`, style: "failure" }];
}

function token(text: string): string {
  return screenText(text, LONGEST_NAME);
}
