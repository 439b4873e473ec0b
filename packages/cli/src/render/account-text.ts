import { type Account, isClosed } from "../account/account.ts";
import { groupedBy } from "../account/grouped.ts";
import type { ClosedRun } from "../account/run-account.ts";
import { forestOf } from "./action-forest.ts";
import { absentActionRow, actionRow, type Listing } from "./action-row.ts";
import { classRows } from "./class-rows.ts";
import { ansi, plain } from "./paint.ts";
import { linesOfRows, type Row } from "./row.ts";
import { saidOf } from "./service-text.ts";

/** How an account is written. */
export interface RenderOptions {
  /** `ansi` for a terminal; default `none`. */
  readonly colour?: "ansi" | "none";
  /** How many runs, and how many nested actions, are listed in one place; default 20, Infinity for all. */
  readonly longestList?: number;
}

/**
 * The account as text, ending in a line feed: the actions as trees, the runs that anything else
 * closed, those that nobody is known to have closed, and the rest as counts. Whatever the spans
 * hold, the text holds no control character but line feeds and, with `ansi`, its own colours.
 */
export function renderAccount(account: Account, options: RenderOptions = {}): string {
  const paint = options.colour === "ansi" ? ansi : plain;
  const listing = { longest: options.longestList ?? 20, said: saidOf(account) };
  const blocks = [
    linesOfRows(actionRows(account, listing), paint),
    linesOfRows(classRows(withoutAction(account), listing), paint),
    countsLines(account),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function actionRows({ actions, runs }: Account, listing: Listing): readonly Row[] {
  const known = new Set(actions.map((action) => action.id));
  const byAction = groupedBy(runs.filter(isClosed), (run) => run.close.action?.id);
  const absent = [...byAction.values()].flatMap((closed) => {
    const action = closed[0]?.close.action;
    return action === undefined || known.has(action.id)
      ? []
      : [absentActionRow(action, closed, listing)];
  });
  return [...forestOf(actions).map((node) => actionRow(node, listing)), ...absent];
}

function withoutAction({ runs }: Account): readonly ClosedRun[] {
  return runs.filter(isClosed).filter((run) => run.close.action === undefined);
}

function countsLines({ actions, runs, inherited }: Account): readonly string[] {
  if (actions.length + runs.length + inherited === 0)
    return ["no span with lifecycle.* attributes is in this input"];
  const completed = runs.filter((run) => run.type === "completed").length;
  const counts: string[] = [];
  if (completed > 0) counts.push(`${completed} ${completed === 1 ? "run" : "runs"} completed`);
  if (inherited === 1) counts.push("1 span below a closed run inherited its class");
  if (inherited > 1) counts.push(`${inherited} spans below closed runs inherited their class`);
  return counts.length === 0 ? [] : [counts.join(", ")];
}
