import { classOf, lookOf } from "./close-class.ts";
import { durationText } from "./duration.ts";
import type { Picture, PictureAction, PictureRun } from "./picture.ts";
import { type Branch, runsBelow } from "./tree.ts";

/** A count with its noun: "1 run", "2 runs". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** What an action is: its kind and the kind of scope that it closed. */
export function actionTitle({ kind, scope }: PictureAction): string {
  return `${kind ?? "action"} ${scope ?? ""}`.trimEnd();
}

/** What a branch is called. */
export function titleOf(branch: Branch): string {
  switch (branch.type) {
    case "action":
      return actionTitle(branch.action);
    case "group":
      return branch.name === "lifecycle_action"
        ? "an action that is not named"
        : lookOf(branch.name).label;
    case "run":
      return branch.run.name || "run without a name";
  }
}

/** What stands beside a branch's title: what asked for it, or its id. */
export function asideOf(branch: Branch): string {
  switch (branch.type) {
    case "action": {
      const { operation, signal, trigger, scopeKey, depth } = branch.action;
      // A nested action's trigger is that of the action around it.
      const origin = operation ?? signal ?? (depth === 0 ? trigger : undefined);
      return origin ?? (scopeKey === undefined ? "" : scopeKey.slice(0, 8));
    }
    case "group":
      return counted(branch.below.length, "run");
    case "run":
      return branch.run.id;
  }
}

/** How a branch went, in a few words. */
export function noteOf(branch: Branch): string {
  switch (branch.type) {
    case "action": {
      const { outcome, result, errorType } = branch.action;
      const failure = result === "failed" ? `, failed with ${errorType ?? "an error"}` : "";
      return `${outcome}${failure}`;
    }
    case "group":
      return branch.name === "completed" ? "" : lookOf(branch.name).meaning;
    case "run":
      return runNote(branch.run);
  }
}

/** How a run ended. */
function runNote(run: PictureRun): string {
  const { class: name, interrupt, errorType, result, missing, loss, recovered, start, end } = run;
  if (name === undefined)
    return start === undefined || end === undefined ? "" : `took ${durationText(end - start)}`;
  const wasLost = isLost(run);
  // What was lost has the same error type, whatever had closed it by then.
  const isTold =
    errorType === undefined || errorType === name || errorType === "AbortError" || wasLost;
  const parts = [
    wasLost ? "lost with its process" : undefined,
    interrupt === undefined ? undefined : `stopped after ${durationText(interrupt)}`,
    isTold ? undefined : errorType,
    missing === undefined ? undefined : `missing ${missing.join(" and ")}`,
    loss?.words,
    recovered ? "recovered" : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(", ") || result;
}

/** The account in a sentence, and what else there is to say. */
export function summaryOf(picture: Picture): { readonly title: string; readonly rest: string } {
  const { runs, actions } = picture;
  // What was lost had not stopped, whoever had asked.
  const byAction = runs.filter((run) => run.action !== undefined && !isLost(run));
  const closers = new Set(byAction.map((run) => run.action)).size;
  if (runs.length + actions.length === 0) return { title: "Nothing to show", rest: "" };
  const closed = runs.filter((run) => run.class !== undefined);
  const rest = restOf(picture, closed.length - byAction.length);
  if (closers > 0)
    return {
      title: `${counted(closers, "action")} stopped ${byAction.length.toLocaleString("en")} of ${counted(runs.length, "run")}`,
      rest,
    };
  const title =
    closed.length === 0
      ? runs.length === 0
        ? "No run was in flight"
        : `${runs.length === 1 ? "The only run" : `All ${counted(runs.length, "run")}`} completed`
      : `${closed.length.toLocaleString("en")} of ${counted(runs.length, "run")} did not complete`;
  return { title, rest };
}

function restOf({ runs, inherited, leftOut }: Picture, elsewise: number): string {
  const completed = runs.filter((run) => run.class === undefined).length;
  const unknown = runs.filter(isUnknown).length;
  const slowest = runs.reduce((most, { interrupt }) => Math.max(most, interrupt ?? -1), -1);
  const lost = runs.filter(isLost).length;
  const known = elsewise - runs.filter((run) => isLost(run) || isUnknown(run)).length;
  const parts = [
    known > 0 ? `${known.toLocaleString("en")} ended otherwise` : undefined,
    lost > 0 ? `${lost.toLocaleString("en")} lost with the process` : undefined,
    unknown > 0 ? `${unknown.toLocaleString("en")} nobody is known to have closed` : undefined,
    completed > 0 ? `${completed.toLocaleString("en")} completed` : undefined,
    slowest >= 0 ? `slowest to stop ${durationText(slowest)}` : undefined,
    inherited > 0 ? `${counted(inherited, "span")} below inherited a class` : undefined,
    leftOut.runs > 0
      ? `${counted(leftOut.runs, "more run")} found no room on this page`
      : undefined,
    leftOut.actions > 0 ? `${counted(leftOut.actions, "more action")} left out` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}

function isLost({ result }: PictureRun): boolean {
  return result === "lost";
}

function isUnknown(run: PictureRun): boolean {
  return classOf(run) === "unknown_scope_close";
}

/** What the bar of a branch shows, in words. */
export function spokenTime(branch: Branch, moment: (time: number) => string): string {
  if (branch.type === "group") return counted(runsBelow(branch).length, "run");
  const { start, end } = branch.type === "action" ? branch.action : branch.run;
  if (start === undefined || end === undefined) return "its times are not in this input";
  const { interrupt } = branch.type === "run" ? branch.run : {};
  const asked =
    interrupt === undefined ? "" : `, asked to stop ${durationText(interrupt)} before its end`;
  return `from ${moment(start)} for ${durationText(end - start)}${asked}`;
}
