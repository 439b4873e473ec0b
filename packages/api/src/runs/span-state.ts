import type { Span } from "@opentelemetry/api";
import type { SpanSink } from "../own-span.ts";
import { registry } from "../registry.ts";
import type { ManagedRun } from "./managed-run.ts";

/**
 * What we know of a span hangs on the span, under one symbol: it is the span of a run, or it is
 * in flight below one. A `WeakMap` would cost six times as much.
 */
export type SpanState = ManagedRun | SpanBelow;

/**
 * A span begun below a run; a link of the run's list of them, so that leaving costs nothing. A
 * class, because V8 may come to make the objects of a literal in the old generation, once many of
 * them waited for their export: then each keeps its span until a full collection.
 */
export class SpanBelow {
  /** Another one once the run's span was adopted. */
  run: ManagedRun;
  readonly span: Span;
  /** The span processor that saw it begin. */
  readonly processor: SpanSink;
  /** The thread's counter when the span began. */
  readonly began: number = registry.sequence;
  previous: SpanBelow | undefined = undefined;
  next: SpanBelow | undefined = undefined;

  constructor({ run, span, processor }: Pick<SpanBelow, "run" | "span" | "processor">) {
    this.run = run;
    this.span = span;
    this.processor = processor;
  }

  // Not a field, because every span would carry it.
  get type(): "below" {
    return "below";
  }
}

const STATE = Symbol.for("@otel-lifecycle/api.span.v1");

type Carrier = { [STATE]?: SpanState };

export const getSpanState = (span: object): SpanState | undefined => (span as Carrier)[STATE];

export const setSpanState = (span: object, state: SpanState): void => {
  (span as Carrier)[STATE] = state;
};

/** How many spans in flight below one run can be ended with it at shutdown; others are not listed. */
const MAX_BELOW = 256;

/** Takes down a span that begins below a run. */
export const addBelow = (run: ManagedRun, span: Span, processor: SpanSink): void => {
  // Two processors of ours may both see it.
  if (getSpanState(span) !== undefined) return;
  const entry = new SpanBelow({ run, span, processor });
  setSpanState(span, entry);
  // Capped, because a span that never ends would stay as long as its run.
  if (run.belowCount >= MAX_BELOW) return;
  run.belowCount += 1;
  entry.next = run.below;
  if (run.below !== undefined) run.below.previous = entry;
  run.below = entry;
};

/** Takes it out of the run's list again, if it is there. */
export const removeBelow = (entry: SpanBelow): void => {
  const { run, previous, next } = entry;
  if (previous === undefined && run.below !== entry) return;
  if (previous === undefined) run.below = next;
  else previous.next = next;
  if (next !== undefined) next.previous = previous;
  entry.previous = undefined;
  entry.next = undefined;
  run.belowCount -= 1;
};

/** Has a run that begins on the span of another take over what is listed below that. */
export const moveBelow = (from: ManagedRun, to: ManagedRun): void => {
  for (let at = from.below; at !== undefined; at = at.next) at.run = to;
  to.below = from.below;
  to.belowCount = from.belowCount;
  from.below = undefined;
  from.belowCount = 0;
};

/** The spans in flight below a run that a processor saw begin. */
export const spansBelow = (run: ManagedRun, processor: object): readonly Span[] => {
  const spans: Span[] = [];
  for (let at = run.below; at !== undefined; at = at.next) {
    if (at.processor === processor) spans.push(at.span);
  }
  return spans;
};
