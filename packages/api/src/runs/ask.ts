import { type Cover, isCover, isWithin } from "../actions/cover.ts";
import { enterContext } from "../active-context.ts";
import { type Cause, earlier } from "../closes/cause.ts";
import { lifecycleReason, timeoutReason, userCancel } from "../closes/reason.ts";
import { guarded } from "../diagnostics.ts";
import { noteInitiation } from "../evidence/recorder.ts";
import { setAction } from "../lifecycle-context.ts";
import { now, registry } from "../registry.ts";
import { journalled } from "../run-journal.ts";
import type { ManagedRun } from "./managed-run.ts";

/** Takes a cause down in the run's cell, and asks the run to stop. */
export const initiate = (run: ManagedRun, cause: Cause): void => {
  if (run.close !== undefined || run.isComplete) return;
  run.cause = earlier(run.cause, cause);
  noteInitiation(run, cause);
  journalled((journal) => journal.initiated(run, cause));
  ask(run, cause);
};

/** Copies a cover into the cell of a run, and asks the run unless the action only records. */
export const askCovered = (run: ManagedRun, cover: Cover): void => {
  if (run.close !== undefined || run.hasYielded) return;
  if (run.covers === undefined) run.covers = [cover];
  else if (!run.covers.includes(cover)) run.covers.push(cover);
  else return;
  if (run.began > cover.seq) {
    // What ran when the cover was made is in its count already.
    cover.owner?.countIn();
    if (run.asked === undefined) run.askedAt = now();
  }
  if (cover.asks) ask(run, cover);
};

/** Asks a run that begins inside one that was asked already, or in a scope that is closing. */
export const askAtBeginning = (run: ManagedRun): void => {
  const { parent } = run;
  if (parent?.asked !== undefined) follow(run, parent.asked);
  if (parent?.cause !== undefined && parent.cause !== parent.asked) follow(run, parent.cause);
  if (registry.standingCovers === 0) return;
  const covers = run.path.flatMap((scope) => scope.covers).filter((cover) => isClosing(run, cover));
  for (const cover of covers.sort((a, b) => a.seq - b.seq)) askCovered(run, cover);
};

const isClosing = (run: ManagedRun, { isOpen, action }: Cover): boolean =>
  isOpen && !isWithin(run.begunIn, action);

/** The reason with which the run's signal is aborted; an application's own reason stays its own. */
export const reasonFor = (run: ManagedRun, cause: Cause): unknown => {
  if ("reason" in cause) return cause.reason;
  if (cause.type === "lifecycle_action") return lifecycleReason(cause.action, run.began);
  return cause.type === "timeout" ? timeoutReason() : userCancel();
};

// The first to ask is the one that the run hears.
const ask = (run: ManagedRun, cause: Cause): void => {
  // An automatic one has no signal that anybody could read: its cover is all that there is.
  if (run.isComplete || run.origin === "automatic") return;
  if (run.asked === undefined) {
    run.asked = cause;
    run.askedAt = now();
    if (run.controller !== undefined) abort(run, run.controller, cause);
  }
  if (run.children === undefined) return;
  for (const child of run.children) {
    // What ran inside a run when that was covered is covered itself, and has a turn of its own.
    if (!isCover(cause) || child.began > cause.seq) follow(child, cause);
  }
};

// What began in the code of an action is not stopped by it, also inside a run that is.
const follow = (child: ManagedRun, cause: Cause): void => {
  if (cause.type === "lifecycle_action" && isWithin(child.begunIn, cause.action)) return;
  if (isCover(cause)) askCovered(child, cause);
  else initiate(child, cause);
};

// In the run's own context with the action in it, so that listeners, and the spans that they
// make, see both.
const abort = (run: ManagedRun, controller: AbortController, cause: Cause): void => {
  const action =
    cause.type === "lifecycle_action" ? registry.actions.get(cause.action.id) : undefined;
  const context = action === undefined ? run.context : setAction(run.context, action.askingCell);
  guarded("abort", () =>
    enterContext(context, (reason) => controller.abort(reason), reasonFor(run, cause)),
  );
};
