import { type Cover, isHost } from "../actions/cover.ts";
import { now, registry } from "../registry.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import { type Cause, earlier } from "./cause.ts";
import type { ErrorProof } from "./error-proof.ts";

/**
 * The earliest cause that stands for a run: in its own cell, among the covers on its scopes
 * during its life, or a deadline that has passed although its timer has not fired yet.
 */
export const standingCause = (
  run: ManagedRun,
  covers: readonly Cover[] = coversOf(run),
  proof?: ErrorProof,
): Cause | undefined => {
  let first = run.cause;
  const overdue = overdueCause(run);
  if (overdue !== undefined) first = earlier(first, overdue);
  for (const cover of covers) if (stands(run, cover, proof)) first = earlier(first, cover);
  return first;
};

/** The covers that hold for a run: those in its cell, and those that the slices have not copied yet. */
export const coversOf = (run: ManagedRun): readonly Cover[] => {
  const copied = run.covers ?? NONE;
  if (registry.standingCovers === 0) return copied;
  let found = copied;
  for (const scope of run.path) {
    for (const cover of scope.covers) {
      if (cover.seq > run.began && !found.includes(cover)) found = [...found, cover];
    }
  }
  return found;
};

const NONE: readonly Cover[] = [];

// A cover that lapsed stands again if the error with which the run ends carries its reason, or is
// a bare abort and it was this action that aborted the run's signal. For a run in whose code the
// action was started it never stands but so: the code that asks for a disposal may fail by itself.
const stands = (run: ManagedRun, cover: Cover, proof: ErrorProof | undefined): boolean => {
  // Nobody asked it for anything, and nothing but its status says that it failed by the action.
  if (!cover.asks && run.origin === "automatic" && proof?.type === "error") return false;
  const isHosting = isHost(run, cover.action);
  if (!isHosting && (cover.owner !== undefined || cover.isFinal)) return true;
  if (proof?.type === "aborted") return run.asked === cover && run.controller !== undefined;
  if (proof?.type !== "reason" || proof.reason.type !== "lifecycle_action") return false;
  return proof.reason.action.id === cover.action.id;
};

// Its own deadline, or that of a run around it.
const overdueCause = (run: ManagedRun): Cause | undefined => {
  let due = Number.POSITIVE_INFINITY;
  for (let at: ManagedRun | undefined = run; at !== undefined; at = at.parent) {
    if (at.due !== undefined && at.close === undefined) due = Math.min(due, at.due);
  }
  // To ask for the time costs a fiftieth of a span.
  if (due === Number.POSITIVE_INFINITY || now() < due) return undefined;
  return { type: "timeout", via: "deadline", seq: registry.sequence, at: due };
};
