import type { Context, Span } from "@opentelemetry/api";
import { guarded } from "../diagnostics.ts";
import { getBegunIn, getRun } from "../lifecycle-context.ts";
import { observeBegin } from "../lifecycle-observer.ts";
import type { SpanSink } from "../own-span.ts";
import { registry } from "../registry.ts";
import { journalled } from "../run-journal.ts";
import { scopeIn } from "../scopes/current-scope.ts";
import { enter } from "../scopes/in-flight.ts";
import { askAtBeginning } from "./ask.ts";
import type { Exchange } from "./exchange.ts";
import { ManagedRun } from "./managed-run.ts";
import { boundScope } from "./run-options.ts";
import { setSpanState } from "./span-state.ts";

/** What a span processor knows of a span that it takes as a run. */
export interface AutomaticRunStart {
  readonly span: Span;
  /** The context in which it starts. */
  readonly context: Context;
  /** What a resolver of the application's gave; anything but a scope is none. */
  readonly scope: unknown;
  readonly exchange: Exchange | undefined;
  readonly processor: SpanSink;
}

/**
 * Begins a run on a local root span that nobody told us of. It is never asked to stop, because
 * nobody could hear it: what covers its scope stands for that.
 */
export const beginAutomaticRun = (start: AutomaticRunStart): ManagedRun => {
  const { span, context } = start;
  const around = getRun(context);
  // Looking at what the application gave may throw.
  const scope = guarded("run scope", () => boundScope(start.scope));
  const run = new ManagedRun({
    id: undefined,
    name: undefined,
    scope: scope ?? scopeIn(context, around),
    parent: undefined,
    begunIn: registry.actions.size === 0 ? undefined : getBegunIn(context),
    origin: "automatic",
    timeoutResult: "failed",
  });
  run.span = span;
  run.processor = start.processor;
  run.exchange = start.exchange;
  // From here on a context may hold a run and the span of another one.
  if (around !== undefined) registry.hasAdopted = true;
  setSpanState(span, run);
  enter(run);
  observeBegin(run);
  if (registry.journal !== undefined) journalled((journal) => journal.runBegan(run));
  if (registry.standingCovers > 0) askAtBeginning(run);
  return run;
};
