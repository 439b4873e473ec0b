import type { ActionAccount } from "../account/action-account.ts";
import type { ClosedRun } from "../account/run-account.ts";
import type { ActionNode } from "./action-forest.ts";
import { LONGEST_ID } from "./run-row.ts";
import { screenText } from "./screen-text.ts";
import { secondsText } from "./seconds.ts";

/** What an action did that stands at the outermost level. */
export function rootOutcome({ action, nested }: ActionNode): string {
  const { parentId, closed, runs } = action;
  const isIdle = closed.length === 0 && runs.covered + runs.unsettled === 0;
  // What was in flight may have been in other processes, and is below.
  const idle = nested.length > 0 ? "nothing of its own was in flight" : idleText(action);
  const parts = isIdle ? [idle] : countParts(action);
  const parent = parentId === undefined ? [] : [`nested in ${screenText(parentId, LONGEST_ID)}`];
  return [...parent, ...parts].join(", ");
}

/** How many of the runs that an action closed had stopped, and how many went with their process. */
export function endingParts(closed: readonly ClosedRun[]): readonly string[] {
  const lost = lostOf(closed);
  return outcomeParts([
    [closed.length - lost, "stopped"],
    [lost, "lost with the process"],
  ]);
}

/** What an action did that hangs below the one it was nested in. */
export function nestedOutcome(action: ActionAccount): string {
  const isIdle =
    action.closed.length === 0 && action.runs.interrupted + action.runs.unsettled === 0;
  // What it covered besides was its parent's, which says so in its own counts.
  return ["nested", ...(isIdle ? ["closed nothing of its own"] : countParts(action))].join(", ");
}

function countParts({ runs, closed }: ActionAccount): readonly string[] {
  const lost = lostOf(closed);
  // The counts are recommended, not required: without them the runs of this input are counted.
  const interrupted = runs.covered === 0 ? closed.length - lost : runs.interrupted;
  const slowest = closed.reduce(
    (longest, { close }) => Math.max(longest, close.interruptSeconds ?? -1),
    -1,
  );
  const parts = outcomeParts([
    [interrupted, "stopped"],
    [runs.completed, "finished first"],
    [runs.failed, "failed"],
    [runs.other, "closed by something earlier"],
    [lost, "lost with the process"],
    // The lost are among them: their process died with the action, or later.
    [runs.unsettled - lost, "not stopped when it ended"],
  ]);
  return slowest < 0 ? parts : [...parts, `slowest ${secondsText(slowest)}`];
}

/** Without counts, what an action that had not ended had in flight is not known. */
function idleText({ result, runs }: ActionAccount): string {
  return result === "unsettled" && runs.covered === 0
    ? "had not ended, nothing is known to have been in flight"
    : "nothing was in flight";
}

function lostOf(closed: readonly ClosedRun[]): number {
  return closed.filter(({ result }) => result === "lost").length;
}

function outcomeParts(
  counts: readonly (readonly [count: number, outcome: string])[],
): readonly string[] {
  return counts.filter(([count]) => count > 0).map(([count, outcome]) => `${count} ${outcome}`);
}
