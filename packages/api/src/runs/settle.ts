import { type Cover, isCover, isHost, isWithin } from "../actions/cover.ts";
import { activeContext } from "../active-context.ts";
import { type Cause, earlier } from "../closes/cause.ts";
import type { ActionRef, Close } from "../closes/close.ts";
import { decide } from "../closes/decide.ts";
import { type ErrorProof, proofOf } from "../closes/error-proof.ts";
import { coversOf, standingCause } from "../closes/standing.ts";
import { getAction } from "../context-keys.ts";
import { reportFailure } from "../diagnostics.ts";
import { now, registry } from "../registry.ts";
import { leave } from "../scopes/in-flight.ts";
import { bequestOf } from "./bequest.ts";
import type { ManagedRun } from "./managed-run.ts";
import { stampRun } from "./stamp-run.ts";

/** How a run's code ended, before it is asked who closed it. */
export type Ending =
  | { readonly type: "returned" }
  | { readonly type: "threw"; readonly error: unknown }
  /** Its span was ended by its owner; `errorType` if the span's status says that it failed. */
  | { readonly type: "span_ended"; readonly errorType: string | undefined }
  /** The SDK shuts down, and the span could not be exported later. */
  | { readonly type: "shut_down" };

const COMPLETED: Close = { type: "completed" };

/** Ends a run: decides its close, takes it out of the registry, stamps and ends its span. Once. */
export const settle = (run: ManagedRun, ending: Ending): void => {
  if (run.close !== undefined) return;
  try {
    const covers = coversOf(run);
    close(run, ending, covers);
    leave(run);
    stampRun(run);
    if (endsSpan(run, ending)) run.span.end();
    report(run, covers);
  } catch (error) {
    reportFailure("end of a run", error);
    if (run.close !== undefined) return;
    run.close = COMPLETED;
    leave(run);
  }
};

const close = (run: ManagedRun, ending: Ending, covers: readonly Cover[]): void => {
  if (ending.type === "returned" && run.cause === undefined && covers.length === 0) {
    run.close = COMPLETED;
    return;
  }
  const context = contextAction(run);
  const proof = proofOfEnding(ending, context);
  const standing = standingCause(run, covers, proof);
  const cause = proof === undefined ? askingCause(run, covers) : standing;
  const decided = decide({ cause, proof, heard: heard(run), names: lineage(run), context });
  run.stoppedAt = now();
  run.close = ending.type === "shut_down" ? viaShutdown(decided) : decided;
  run.bequest = bequestOf(decided, standing);
};

const proofOfEnding = (ending: Ending, context: ActionRef | undefined): ErrorProof | undefined => {
  switch (ending.type) {
    case "returned":
      return undefined;
    case "threw":
      return proofOf(ending.error);
    case "shut_down":
      return { type: "aborted", errorType: undefined };
    case "span_ended":
      if (ending.errorType !== undefined) return { type: "error", errorType: ending.errorType };
      // A span of somebody else's has no return value: that an action's code ended it is the proof.
      return context === undefined ? undefined : { type: "aborted", errorType: undefined };
  }
};

const viaShutdown = (decided: Close): Close =>
  decided.type === "lifecycle_action" && decided.action.kind === "shutdown"
    ? { ...decided, via: "shutdown" }
    : decided;

// What asked is what a run that returned may have heard; what only recorded is not.
const askingCause = (run: ManagedRun, covers: readonly Cover[]): Cause | undefined => {
  let first = run.cause;
  if (first?.type === "completed") return first;
  for (const cover of covers) {
    if (cover.asks && cover.owner !== undefined) first = earlier(first, cover);
  }
  return first;
};

/** The action in whose code this is, unless the run began there too. */
const contextAction = (run: ManagedRun): ActionRef | undefined => {
  if (registry.actions.size === 0) return undefined;
  const cell = getAction(activeContext());
  if (cell?.current === undefined || isWithin(run.begunIn, cell.ref)) return undefined;
  return cell.ref;
};

// A run that started what then asked it to stop, and returns, was not stopped by it.
const heard = (run: ManagedRun): boolean => {
  if (run.asked === undefined || run.controller === undefined) return false;
  return !(isCover(run.asked) && isHost(run, run.asked));
};

/** The run and those around it: whom a reason may name. */
const lineage = (run: ManagedRun): readonly number[] => {
  const numbers: number[] = [];
  for (let at: ManagedRun | undefined = run; at !== undefined; at = at.parent) {
    numbers.push(at.began);
  }
  return numbers;
};

const endsSpan = (run: ManagedRun, ending: Ending): boolean =>
  ending.type === "shut_down" || (ending.type !== "span_ended" && !run.adopted);

// Every action that covered the run counts it. One that closed it without having covered it, by an
// abort in its code for instance, covers it from now on.
const report = (run: ManagedRun, covers: readonly Cover[]): void => {
  for (const cover of covers) cover.owner?.runEnded(run);
  if (run.close?.type !== "lifecycle_action") return;
  const { action } = run.close;
  if (covers.some((cover) => cover.action.id === action.id)) return;
  if (!isWithin(run.begunIn, action)) registry.actions.get(action.id)?.closedFromOutside(run);
};
