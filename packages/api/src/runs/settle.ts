import { type Cover, isHost, isWithin } from "../actions/cover.ts";
import { activeContext } from "../active-context.ts";
import { type Cause, earlier } from "../closes/cause.ts";
import type { ActionRef, Close } from "../closes/close.ts";
import { decide } from "../closes/decide.ts";
import { type ErrorProof, proofOf } from "../closes/error-proof.ts";
import { coversOf, standingCause } from "../closes/standing.ts";
import { guarded, reportFailure } from "../diagnostics.ts";
import { noteEnd } from "../evidence/recorder.ts";
import { getAction } from "../lifecycle-context.ts";
import { observeEnd } from "../lifecycle-observer.ts";
import { now, registry } from "../registry.ts";
import { journalled } from "../run-journal.ts";
import { leave } from "../scopes/in-flight.ts";
import { bequestOf } from "./bequest.ts";
import type { ManagedRun } from "./managed-run.ts";
import { stampRun } from "./stamp-run.ts";
import { bequeathToRoot, endYielded } from "./yield.ts";

/** How a run's code ended, before it is asked who closed it. */
export type Ending =
  | { readonly type: "returned" }
  | { readonly type: "threw"; readonly error: unknown }
  /** Its span was ended by its owner; `errorType` if the span's status says that it failed. */
  | { readonly type: "span_ended"; readonly errorType: string | undefined }
  /** The SDK shuts down, and the span could not be exported later. Who says so ends the span. */
  | { readonly type: "shut_down" };

const COMPLETED: Close = { type: "completed" };

/**
 * Ends a run: decides its close, takes it out of the registry, stamps and ends its span, tells the
 * actions. Once. Each step is taken whatever became of the others.
 */
export const settle = (run: ManagedRun, ending: Ending): void => {
  if (run.close !== undefined) return;
  // Now, because ending the span may set off an action, and that one has nothing to do with it.
  const covers = coversOf(run);
  run.close = decided(run, ending, covers);
  leave(run);
  observeEnd(run);
  bequeathToRoot(run);
  try {
    stampRun(run, registry.recorder === undefined ? undefined : incidentOf(run, ending, covers));
  } catch (error) {
    reportFailure("stamp of a run", error);
  }
  try {
    if (endsSpan(run, ending)) endSpan(run);
  } catch (error) {
    reportFailure("end of a run's span", error);
  }
  if (goesOn(run, ending)) journalled((journal) => journal.runSettled(run));
  // What was untouched has nobody to report to.
  if (run.close !== COMPLETED) guarded("report of a run", () => report(run, covers));
};

/**
 * Ends the runs whose span was ended by its owner: one, but for a span that was adopted twice. An
 * automatic one that is none any more has nothing to end, and takes what was left to it.
 */
export const settleWithSpan = (run: ManagedRun, errorType: string | undefined): void => {
  if (run.hasYielded) {
    guarded("stamp of a root", () => endYielded(run));
    return;
  }
  if (run.children !== undefined) {
    for (const inner of [...run.children]) {
      if (inner.span === run.span) settle(inner, { type: "span_ended", errorType });
    }
  }
  if (run.close === undefined) settle(run, { type: "span_ended", errorType });
};

const decided = (run: ManagedRun, ending: Ending, covers: readonly Cover[]): Close => {
  try {
    if (run.cause === undefined && covers.length === 0 && isPlain(run, ending)) return COMPLETED;
    run.stoppedAt = now();
    return closeOf(run, ending, covers);
  } catch (error) {
    reportFailure("close of a run", error);
    return ending.type === "returned" ? { type: "completed" } : UNDECIDED;
  }
};

// Nothing but the end of its code, which is how nearly all runs end.
const isPlain = (run: ManagedRun, ending: Ending): boolean => {
  if (ending.type === "returned") return true;
  if (ending.type !== "span_ended" || ending.errorType !== undefined) return false;
  return run.due === undefined && run.exchange?.closedBy() === undefined;
};

const UNDECIDED: Close = {
  type: "unknown_scope_close",
  confidence: "low",
  via: "registry",
  missing: ["lifecycle.close_requested"],
};

const closeOf = (run: ManagedRun, ending: Ending, covers: readonly Cover[]): Close => {
  const context = contextAction(run);
  const isCovered = covers.some((cover) => cover.action === context && provesByEnding(cover));
  const proof = proofOfEnding(run, ending, isCovered);
  const standing = standingCause(run, covers, proof);
  const cause = proof === undefined ? askingCause(run, covers) : standing;
  const close = decide({
    isComplete: run.isComplete,
    cause,
    proof,
    heard: run.asked !== undefined && run.controller !== undefined,
    names: lineage(run),
    context,
    disconnected: run.root?.exchange?.closedBy() === "client",
  });
  run.bequest = bequestOf(close, close.type === "completed" ? standing : cause);
  return ending.type === "shut_down" ? viaShutdown(close) : close;
};

// Who listens to a signal finishes work there too: that it only records is what the shutdown is for.
const provesByEnding = ({ asks, action }: Cover): boolean => asks || action.kind !== "shutdown";

const proofOfEnding = (
  run: ManagedRun,
  ending: Ending,
  byItsAction: boolean,
): ErrorProof | undefined => {
  switch (ending.type) {
    case "returned":
      return undefined;
    case "threw":
      return proofOf(ending.error);
    case "shut_down":
      return { type: "aborted", errorType: undefined };
    case "span_ended": {
      if (ending.errorType !== undefined) return { type: "error", errorType: ending.errorType };
      const by = run.exchange?.closedBy();
      if (by !== undefined) return { type: "response_closed", by, errorType: undefined };
      // A span of somebody else's has no return value. That the code of an action which covers it
      // ended it is the proof; code of any other action may as well be finishing the work.
      return byItsAction ? { type: "aborted", errorType: undefined } : undefined;
    }
  }
};

const viaShutdown = (decided: Close): Close =>
  decided.type === "lifecycle_action" && decided.action.kind === "shutdown"
    ? { ...decided, via: "shutdown" }
    : decided;

// What asked is what a run that returned may have heard; what only recorded is not.
const askingCause = (run: ManagedRun, covers: readonly Cover[]): Cause | undefined => {
  let first = run.cause;
  for (const cover of covers) {
    const stands = cover.owner !== undefined || cover.isFinal;
    // A run that started what then asked it to stop, and returns, was not stopped by it.
    if (cover.asks && stands && !isHost(run, cover.action)) first = earlier(first, cover);
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

/** The run and those around it: whom a reason may name. */
const lineage = (run: ManagedRun): readonly number[] => {
  const numbers: number[] = [];
  for (let at: ManagedRun | undefined = run; at !== undefined; at = at.parent) {
    numbers.push(at.began);
  }
  return numbers;
};

const incidentOf = (run: ManagedRun, ending: Ending, covers: readonly Cover[]) =>
  noteEnd(run, { thrown: ending.type === "threw" ? ending : undefined, covers });

const endsSpan = ({ origin }: ManagedRun, { type }: Ending): boolean =>
  origin === "api" && (type === "returned" || type === "threw");

// As that of a run that is over: somebody else's span, unless it was that which ended; and at a
// shutdown, which decides all runs before it ends their spans.
const goesOn = ({ origin }: ManagedRun, { type }: Ending): boolean =>
  type === "shut_down" || (origin === "adopted" && type !== "span_ended");

const endSpan = ({ span }: ManagedRun): void => {
  if (span.isRecording()) span.end();
};

// Every action that covered the run counts it. One that closed it without having covered it, by an
// abort in its code for instance, covers it from now on.
const report = (run: ManagedRun, covers: readonly Cover[]): void => {
  for (const cover of covers) cover.owner?.runEnded(run);
  if (run.close?.type !== "lifecycle_action") return;
  const { action } = run.close;
  if (covers.some((cover) => cover.action.id === action.id)) return;
  if (!isWithin(run.begunIn, action)) registry.actions.get(action.id)?.closedFromOutside(run);
};
