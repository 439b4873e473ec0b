import { type Attributes, type Span, type SpanOptions, trace } from "@opentelemetry/api";
import { activeContext } from "../active-context.ts";
import { ATTR_RUN_ID } from "../attributes.ts";
import { getBegunIn } from "../context-keys.ts";
import { guarded } from "../diagnostics.ts";
import { startOwnSpan } from "../own-span.ts";
import { nextNumber, now, registry } from "../registry.ts";
import { enter } from "../scopes/in-flight.ts";
import { processNode } from "../scopes/scope.ts";
import { askAtBeginning, initiate } from "./ask.ts";
import { causeOfSignal } from "./given-signal.ts";
import { ManagedRun } from "./managed-run.ts";
import type { Run, RunOptions } from "./run.ts";
import { getRun, setRun } from "./run-context.ts";
import { type BoundRunOptions, readRunOptions } from "./run-options.ts";
import { getSpanState, removeBelow, setSpanState } from "./span-state.ts";

/**
 * Begins a run that ends elsewhere, at `end()` or `fail()`; where its code is one function,
 * `withRun` is the rule. Never throws.
 */
export const startRun = (options: RunOptions): Run => beginRun(options);

export const beginRun = (options: RunOptions): ManagedRun => {
  const bounded = readRunOptions(options);
  const around = activeContext();
  const outer = getRun(around);
  const run = new ManagedRun({
    id: bounded.id,
    name: bounded.name,
    scope: bounded.scope ?? outer?.scope ?? processNode(),
    parent: outer?.close === undefined ? outer : undefined,
    begunIn: registry.actions.size === 0 ? undefined : getBegunIn(around),
    adopted: bounded.span !== undefined,
    timeoutResult: bounded.timeoutResult,
  });
  run.span = bounded.span ?? startOwnSpan(run, run.name, spanOptionsOf(run, bounded), around);
  if (bounded.span !== undefined) adopt(run, bounded.span);
  if (run.span.isRecording()) setSpanState(run.span, run);
  run.context = trace.setSpan(setRun(around, run), run.span);
  enter(run);
  if (bounded.timeoutMs !== undefined || bounded.signal !== undefined) watch(run, bounded);
  if (run.parent !== undefined || registry.standingCovers > 0) askAtBeginning(run);
  return run;
};

const adopt = (run: ManagedRun, span: Span): void => {
  const state = getSpanState(span);
  // It has a verdict of its own from here on, and inherits none.
  if (state?.type === "below") removeBelow(state);
  span.setAttributes(attributesOf(run));
};

const spanOptionsOf = (run: ManagedRun, { spanOptions }: BoundRunOptions): SpanOptions =>
  spanOptions === undefined
    ? { attributes: attributesOf(run) }
    : { ...spanOptions, attributes: { ...spanOptions.attributes, ...attributesOf(run) } };

const attributesOf = ({ id, scope }: ManagedRun): Attributes =>
  id === undefined ? scope.attributes : { ...scope.attributes, [ATTR_RUN_ID]: id };

// The deadline and the application's own signal: what else may stop this one run.
const watch = (run: ManagedRun, { timeoutMs, signal }: BoundRunOptions): void => {
  let timer: NodeJS.Timeout | undefined;
  if (timeoutMs !== undefined) {
    run.due = now() + timeoutMs;
    timer = setTimeout(() => guarded("deadline", () => passDeadline(run)), timeoutMs).unref();
  }
  const fire = (): void => {
    if (signal !== undefined) guarded("signal", () => initiate(run, causeOfSignal(run, signal)));
  };
  run.release = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", fire);
  };
  if (signal?.aborted === true) fire();
  else signal?.addEventListener("abort", fire, { once: true });
};

const passDeadline = (run: ManagedRun): void => {
  const at = run.due ?? now();
  run.due = undefined;
  initiate(run, { type: "timeout", via: "deadline", seq: nextNumber(), at });
};
