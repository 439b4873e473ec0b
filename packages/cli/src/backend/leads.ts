import {
  ATTR_ACTION_COVERED_RUN_COUNT,
  ATTR_ACTION_ID,
  ATTR_ACTION_INTERRUPTED_RUN_COUNT,
  ATTR_ACTION_PARENT_ID,
  ATTR_ACTION_ROOT_ID,
  ATTR_ACTION_UNSETTLED_RUN_COUNT,
  ATTR_CLOSE_ACTION_ID,
  ATTR_CLOSE_ACTION_TRACE_ID,
  ATTR_RUN_RESULT,
} from "@otel-lifecycle/api";
import { countAttribute, stringAttribute } from "../account/attribute.ts";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { hexIdOf } from "../otlp/scalar.ts";
import { isActionId } from "./ids.ts";
import { kinOf } from "./kin.ts";
import type { Question } from "./question.ts";

/** Where the rest of a story may be. */
export interface Leads {
  readonly traceIds: readonly string[];
  /** An attribute and its value, in any service. */
  readonly searches: readonly (readonly [attribute: string, value: string])[];
}

/** Where the spans so far lead to: some of it may have been looked at already. */
export function leadsOf(spans: readonly LifecycleSpan[], question: Question): Leads {
  const known = knownOf(spans);
  const { actionIds } = kinOf(spans, question);
  const searches: (readonly [string, string])[] = [];
  for (const id of actionIds) {
    // What a hostile span calls an id may be of any length, and would make a URL of it.
    if (!isActionId(id)) continue;
    const action = known.actions.get(id);
    if (action === undefined) searches.push([ATTR_ACTION_ID, id]);
    if (isAskedFor(id, action, question) || isMissingRuns(id, action, known))
      searches.push([ATTR_CLOSE_ACTION_ID, id]);
    // Of all that happened lately each has been searched for by itself.
    if (question.about.type !== "all" && isRoot(action)) searches.push([ATTR_ACTION_ROOT_ID, id]);
  }
  const traceIds = [...actionIds].flatMap((id) =>
    known.actions.has(id) ? [] : [...(known.traceIds.get(id) ?? [])],
  );
  return { traceIds, searches };
}

interface Known {
  readonly actions: ReadonlyMap<string, LifecycleSpan>;
  /** How many runs name an action as what closed them. */
  readonly closed: ReadonlyMap<string, number>;
  /** Where the runs that an action closed say that it is. */
  readonly traceIds: ReadonlyMap<string, ReadonlySet<string>>;
}

function knownOf(spans: readonly LifecycleSpan[]): Known {
  const actions = new Map<string, LifecycleSpan>();
  const closed = new Map<string, number>();
  const traceIds = new Map<string, Set<string>>();
  for (const span of spans) {
    const id = stringAttribute(span, ATTR_ACTION_ID);
    if (id !== undefined) actions.set(id, span);
    const closer = stringAttribute(span, ATTR_CLOSE_ACTION_ID);
    if (closer === undefined || !span.attributes.has(ATTR_RUN_RESULT)) continue;
    closed.set(closer, (closed.get(closer) ?? 0) + 1);
    const traceId = hexIdOf(span.attributes.get(ATTR_CLOSE_ACTION_TRACE_ID), 16);
    if (traceId !== undefined)
      traceIds.set(closer, (traceIds.get(closer) ?? new Set()).add(traceId));
  }
  return { actions, closed, traceIds };
}

/** What the story is about is looked up whatever it counts: a run may have stopped after the count. */
function isAskedFor(id: string, action: LifecycleSpan | undefined, { about }: Question): boolean {
  return about.type !== "all" && (id === about.id || isRoot(action));
}

/** An action says how many runs it stopped: one that closed no more needs no search of its own. */
function isMissingRuns(id: string, action: LifecycleSpan | undefined, known: Known): boolean {
  if (!action?.attributes.has(ATTR_ACTION_COVERED_RUN_COUNT)) return true;
  const stopped =
    countAttribute(action, ATTR_ACTION_INTERRUPTED_RUN_COUNT) +
    // Those may have stopped after it had ended.
    countAttribute(action, ATTR_ACTION_UNSETTLED_RUN_COUNT);
  return stopped > (known.closed.get(id) ?? 0);
}

function isRoot(action: LifecycleSpan | undefined): boolean {
  return (
    action === undefined ||
    (!action.attributes.has(ATTR_ACTION_PARENT_ID) && !action.attributes.has(ATTR_ACTION_ROOT_ID))
  );
}
