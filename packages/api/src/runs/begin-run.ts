import { type Attributes, type Context, type Span, trace } from "@opentelemetry/api";
import { activeContext } from "../active-context.ts";
import { ATTR_RUN_ID } from "../attributes.ts";
import { guarded, reportFailure } from "../diagnostics.ts";
import { getBegunIn, setRun } from "../lifecycle-context.ts";
import { observeBegin } from "../lifecycle-observer.ts";
import { type OwnSpan, startOwnSpan } from "../own-span.ts";
import { nextNumber, now, registry } from "../registry.ts";
import { journalled } from "../run-journal.ts";
import { scopeIn } from "../scopes/current-scope.ts";
import { enter } from "../scopes/in-flight.ts";
import { stamp } from "../stamp.ts";
import { startTimer } from "../timer.ts";
import { askAtBeginning, initiate } from "./ask.ts";
import { causeOfSignal } from "./given-signal.ts";
import { ManagedRun } from "./managed-run.ts";
import type { Run, RunOptions } from "./run.ts";
import { liveRun, runIn } from "./run-in.ts";
import { type BoundRunOptions, readRunOptions } from "./run-options.ts";
import { settle } from "./settle.ts";
import { watchSignal } from "./signal-watch.ts";
import {
  getSpanState,
  moveBelow,
  removeBelow,
  type SpanBelow,
  setSpanState,
} from "./span-state.ts";
import { yieldPlace } from "./yield.ts";

/**
 * Begins a run that ends elsewhere, at `end()` or `fail()`; where its code is one function,
 * `withRun` is the rule. Never throws.
 */
export const startRun = (options: RunOptions): Run => beginRun(options);

export const beginRun = (options: RunOptions): ManagedRun => {
  const bounded = readRunOptions(options);
  const around = activeContext();
  const outer = runIn(around);
  const parent = parentOf(bounded, outer);
  const run = new ManagedRun({
    id: bounded.id,
    name: bounded.name,
    scope: bounded.scope ?? scopeIn(around, outer),
    parent: parent?.origin === "automatic" ? undefined : parent,
    begunIn: registry.actions.size === 0 ? undefined : getBegunIn(around),
    origin: bounded.span === undefined ? "api" : "adopted",
    timeoutResult: bounded.timeoutResult,
  });
  const above = parent ?? (bounded.isRoot ? undefined : outer);
  if (above !== undefined) placeBelow(run, above);
  if (bounded.span === undefined) run.span = startOwnSpan(run, ownSpanOf(run, bounded, around));
  else run.span = bounded.span;
  try {
    mark(run);
  } catch (error) {
    reportFailure("span of a run", error);
  }
  run.context = trace.setSpan(setRun(around, run), run.span);
  enter(run);
  observeBegin(run);
  if (registry.journal !== undefined) journalled((journal) => journal.runBegan(run));
  if (bounded.timeoutMs !== undefined || bounded.signal !== undefined) watch(run, bounded);
  if (run.parent !== undefined || registry.standingCovers > 0) askAtBeginning(run);
  return run;
};

// A root span starts work that is nobody's: its run follows none.
const parentOf = (
  { span, isRoot }: BoundRunOptions,
  outer: ManagedRun | undefined,
): ManagedRun | undefined => {
  if (span !== undefined) return runOf(span) ?? liveRun(outer);
  return isRoot ? undefined : liveRun(outer);
};

// The automatic run around it, if there is one, leaves its place to the first that is begun below.
const placeBelow = (run: ManagedRun, outer: ManagedRun): void => {
  run.root = outer.origin === "automatic" ? outer : outer.root;
  if (outer.origin === "automatic") yieldPlace(outer);
};

const ownSpanOf = (run: ManagedRun, bounded: BoundRunOptions, context: Context): OwnSpan => ({
  name: run.name,
  attributes: attributesOf(run),
  options: bounded.spanOptions,
  context,
});

// A span that is a run already, and is adopted again: the new run is one inside that run.
const runOf = (span: Span | undefined): ManagedRun | undefined => {
  const state = span === undefined ? undefined : getSpanState(span);
  return state?.type === "run" && state.close === undefined ? state : undefined;
};

const mark = (run: ManagedRun): void => {
  const { span } = run;
  if (!span.isRecording()) {
    if (run.origin === "adopted") endWith(span, run);
    return;
  }
  if (run.origin === "adopted") {
    registry.hasAdopted = true;
    const state = getSpanState(span);
    // An automatic one is none any more, and had no name but this span's.
    if (state?.type === "run" && state.close === undefined && !state.hasYielded) return;
    // It has a verdict of its own from here on, and inherits none.
    if (state?.type === "below") leavePlace(run, state);
    else if (state !== undefined) takeOver(run, state);
    stamp(span, attributesOf(run));
  }
  setSpanState(span, run);
};

// It is ended with the runs from here on, by the processor that saw it begin.
const leavePlace = (run: ManagedRun, below: SpanBelow): void => {
  run.processor = below.processor;
  removeBelow(below);
};

// The span of the automatic run itself: what that knows of its end, and what is below it, is the
// new one's.
const takeOver = (run: ManagedRun, automatic: ManagedRun): void => {
  registry.yielded.delete(automatic);
  run.root = undefined;
  run.exchange = automatic.exchange;
  run.processor = automatic.processor;
  moveBelow(automatic, run);
};

// No processor sees the end of a span that is not recorded, and the run ends with it.
const endWith = (span: Span, run: ManagedRun): void => {
  const { end } = span;
  span.end = (...time) => {
    settle(run, { type: "span_ended", errorType: undefined });
    end.apply(span, time);
  };
};

const attributesOf = ({ id, scope }: ManagedRun): Attributes =>
  id === undefined ? scope.attributes : { ...scope.attributes, [ATTR_RUN_ID]: id };

// The deadline and the application's own signal: what else may stop this one run.
const watch = (run: ManagedRun, { timeoutMs, signal }: BoundRunOptions): void => {
  const timer = timeoutMs === undefined ? undefined : watchDeadline(run, timeoutMs);
  const unwatch =
    signal === undefined ? undefined : guarded("signal", () => watchGiven(run, signal));
  run.release = () => {
    clearTimeout(timer);
    unwatch?.();
  };
};

const watchDeadline = (run: ManagedRun, timeoutMs: number): NodeJS.Timeout => {
  run.due = now() + timeoutMs;
  return startTimer("deadline", () => passDeadline(run), timeoutMs);
};

const watchGiven = (run: ManagedRun, signal: AbortSignal): (() => void) | undefined => {
  const fire = (): void => {
    guarded("signal", () => initiate(run, causeOfSignal(run, signal)));
  };
  if (!signal.aborted) return watchSignal(signal, fire);
  fire();
  return undefined;
};

const passDeadline = (run: ManagedRun): void => {
  const at = run.due ?? now();
  run.due = undefined;
  initiate(run, { type: "timeout", via: "deadline", seq: nextNumber(), at });
};
