import type { Account } from "../account/account.ts";
import { isClosed } from "../account/account.ts";
import type { ActionAccount } from "../account/action-account.ts";
import { groupedBy } from "../account/grouped.ts";
import type { ClosingAction } from "../account/run-account.ts";
import { type ActionNode, forestOf } from "../render/action-forest.ts";
import { endingParts, nestedOutcome, rootOutcome } from "../render/action-outcome.ts";

/** An action of a picture: one with a span, or one that runs name and that has none here. */
export type ActionEntry = {
  readonly id: string;
  /** 0 at the outermost level. */
  readonly depth: number;
  readonly outcome: string;
} & (
  | { readonly type: "recorded"; readonly action: ActionAccount }
  | { readonly type: "absent"; readonly action: ClosingAction }
);

/** The actions of an account, each before those nested in it, and last those without a span. */
export function actionEntriesOf(account: Account): readonly ActionEntry[] {
  return [...forestOf(account.actions).flatMap((node) => recorded(node, 0)), ...absent(account)];
}

function recorded(node: ActionNode, depth: number): readonly ActionEntry[] {
  const { action, nested } = node;
  const outcome = depth === 0 ? rootOutcome(node) : nestedOutcome(action);
  const below = nested.flatMap((inner) => recorded(inner, depth + 1));
  return [{ type: "recorded", id: action.id, depth, outcome, action }, ...below];
}

function absent({ actions, runs }: Account): readonly ActionEntry[] {
  const known = new Set(actions.map(({ id }) => id));
  const byAction = groupedBy(runs.filter(isClosed), (run) => run.close.action?.id);
  return [...byAction.values()].flatMap((closed) => {
    const action = closed[0]?.close.action;
    if (action === undefined || known.has(action.id)) return [];
    const outcome = [...endingParts(closed), "the action's span is not in this input"].join(", ");
    return [{ type: "absent", id: action.id, depth: 0, outcome, action }] as const;
  });
}
