import {
  ATTR_ACTION_ID,
  ATTR_ACTION_PARENT_ID,
  ATTR_ACTION_ROOT_ID,
  ATTR_CLOSE_ACTION_ID,
  ATTR_CLOSE_CLASS,
  ATTR_CLOSE_INHERITED_CLASS,
  ATTR_INTERRUPT_RESULT,
  ATTR_RUN_ID,
  ATTR_RUN_RESULT,
} from "@otel-lifecycle/api";
import { stringAttribute } from "../account/attribute.ts";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import type { Question } from "./question.ts";

/** What a question is about, as far as the spans so far tell. */
export interface Kin {
  /** The actions that belong to it: those asked for, those around and those nested in them. */
  readonly actionIds: ReadonlySet<string>;
  /** The runs that it asks for by their id. */
  readonly runs: readonly LifecycleSpan[];
}

/** Which actions and runs a question is about: whatever hangs together by parent and root ids. */
export function kinOf(spans: readonly LifecycleSpan[], { about }: Question): Kin {
  if (about.type === "action") return { actionIds: relativesOf([about.id], spans), runs: [] };
  if (about.type === "run") {
    const runs = spans.filter((span) => isRunCalled(span, about.id));
    return { actionIds: relativesOf(runs.flatMap(closerOf), spans), runs };
  }
  return {
    actionIds: relativesOf(
      spans.flatMap((span) => [...ownId(span), ...closerOf(span)]),
      spans,
    ),
    runs: [],
  };
}

/** The spans that tell what a question is about; a trace may hold much besides. */
export function tellingSpans(
  spans: readonly LifecycleSpan[],
  question: Question,
): readonly LifecycleSpan[] {
  if (question.about.type === "all") return spans;
  const { actionIds, runs } = kinOf(spans, question);
  const asked = new Set(runs);
  const handedDown = new Set(runs.map((run) => inTrace(run, ATTR_CLOSE_CLASS)));
  return spans.filter(
    (span) =>
      asked.has(span) ||
      [...ownId(span), ...closerOf(span)].some((id) => actionIds.has(id)) ||
      // What no action closed hands its class down without an id. In the same trace is as near as
      // one can see without parents.
      (closerOf(span).length === 0 &&
        span.attributes.has(ATTR_CLOSE_INHERITED_CLASS) &&
        handedDown.has(inTrace(span, ATTR_CLOSE_INHERITED_CLASS))),
  );
}

function inTrace(span: LifecycleSpan, attribute: string): string {
  return `${span.traceId} ${stringAttribute(span, attribute)}`;
}

/** Breadth first over parent and root ids, in both directions: circles and self-parents end it. */
function relativesOf(ids: readonly string[], spans: readonly LifecycleSpan[]): ReadonlySet<string> {
  const neighbours = neighboursOf(spans);
  const found = new Set(ids);
  // A set's iteration also visits what is added meanwhile.
  for (const id of found) for (const next of neighbours.get(id) ?? []) found.add(next);
  return found;
}

function neighboursOf(spans: readonly LifecycleSpan[]): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, string[]>();
  const join = (one: string, other: string): void => {
    const list = neighbours.get(one);
    if (list === undefined) neighbours.set(one, [other]);
    else list.push(other);
  };
  for (const span of spans) {
    const id = stringAttribute(span, ATTR_ACTION_ID);
    if (id === undefined) continue;
    for (const name of [ATTR_ACTION_PARENT_ID, ATTR_ACTION_ROOT_ID]) {
      const relative = stringAttribute(span, name);
      if (relative === undefined) continue;
      join(id, relative);
      join(relative, id);
    }
  }
  return neighbours;
}

function ownId(span: LifecycleSpan): readonly string[] {
  const id = stringAttribute(span, ATTR_ACTION_ID);
  return id === undefined ? [] : [id];
}

function closerOf(span: LifecycleSpan): readonly string[] {
  const id = stringAttribute(span, ATTR_CLOSE_ACTION_ID);
  return id === undefined ? [] : [id];
}

/** By its own id, by its span's as the account prints it where it has none, or by its trace's. */
function isRunCalled(span: LifecycleSpan, id: string): boolean {
  const { attributes } = span;
  const isRun =
    attributes.has(ATTR_RUN_RESULT) &&
    !attributes.has(ATTR_ACTION_ID) &&
    !attributes.has(ATTR_INTERRUPT_RESULT);
  return isRun && [attributes.get(ATTR_RUN_ID), span.spanId, span.traceId].includes(id);
}
