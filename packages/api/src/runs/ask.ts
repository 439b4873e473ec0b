import { type Cover, isCover, isWithin } from "../actions/cover.ts";
import { enterContext } from "../active-context.ts";
import { type Cause, earlier } from "../closes/cause.ts";
import { lifecycleReason, timeoutReason, userCancel } from "../closes/reason.ts";
import { setAction } from "../context-keys.ts";
import { guarded } from "../diagnostics.ts";
import { now, registry } from "../registry.ts";
import type { ManagedRun } from "./managed-run.ts";

/** Takes a cause down in the run's cell, and asks the run to stop. */
export const initiate = (run: ManagedRun, cause: Cause): void => {
  if (run.close !== undefined || run.cause?.type === "completed") return;
  run.cause = earlier(run.cause, cause);
  ask(run, cause);
};

/** Copies a cover into the cell of a run, and asks the run unless the action only records. */
export const askCovered = (run: ManagedRun, cover: Cover): void => {
  if (run.close !== undefined) return;
  if (run.covers === undefined) run.covers = [cover];
  else if (!run.covers.includes(cover)) run.covers.push(cover);
  else return;
  // What ran when the cover was made is in its count already.
  if (run.began > cover.seq) cover.owner?.countIn();
  if (cover.asks) ask(run, cover);
};

/** Asks a run that begins inside one that was asked already, or in a scope that is closing. */
export const askAtBeginning = (run: ManagedRun): void => {
  const asked = run.parent?.asked;
  if (asked !== undefined) follow(run, asked);
  if (registry.standingCovers === 0) return;
  for (const scope of run.path) {
    for (const cover of scope.covers) {
      if (cover.owner?.isOpen === true && !isWithin(run.begunIn, cover.action)) {
        askCovered(run, cover);
      }
    }
  }
};

/** The reason with which the run's signal is aborted; an application's own reason stays its own. */
export const reasonFor = (run: ManagedRun, cause: Cause): unknown => {
  if ("reason" in cause) return cause.reason;
  if (cause.type === "lifecycle_action") return lifecycleReason(cause.action, run.began);
  return cause.type === "timeout" ? timeoutReason() : userCancel();
};

// The first to ask is the one that the run hears; what runs inside it hears it too.
const ask = (run: ManagedRun, cause: Cause): void => {
  if (run.cause?.type === "completed") return;
  if (run.asked === undefined) {
    run.asked = cause;
    run.askedAt = now();
    if (run.controller !== undefined) abort(run, run.controller, cause);
  }
  if (run.children === undefined) return;
  for (const child of run.children) follow(child, cause);
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
  const cell =
    cause.type === "lifecycle_action" ? registry.actions.get(cause.action.id)?.cell : undefined;
  const context = cell === undefined ? run.context : setAction(run.context, cell);
  guarded("abort", () =>
    enterContext(context, (reason) => controller.abort(reason), reasonFor(run, cause)),
  );
};
