import {
  ATTR_ACTION_ID,
  ATTR_CLOSE_INHERITED_CLASS,
  ATTR_INTERRUPT_RESULT,
  ATTR_RUN_ID,
} from "@otel-lifecycle/api";
import { type LifecycleSpan, spanKeyOf } from "../otlp/lifecycle-span.ts";
import { type ActionAccount, actionOf } from "./action-account.ts";
import { stringAttribute } from "./attribute.ts";
import { groupedBy } from "./grouped.ts";
import { type ClosedRun, type RunAccount, runOf } from "./run-account.ts";

/** Who closed what, in the order in which things began. */
export interface Account {
  readonly actions: readonly ActionAccount[];
  readonly runs: readonly RunAccount[];
  /** How many spans below closed runs inherited a class from them. */
  readonly inherited: number;
}

/**
 * The account that a set of spans gives, in whatever order they came. A span that was delivered
 * twice, as an exporter's retry does, counts once: the first delivery.
 */
export function accountOf(spans: Iterable<LifecycleSpan>): Account {
  const ordered = inOrder(spans);
  const runs = ordered.filter(mayBeRun).flatMap((span) => runOf(span) ?? []);
  const closed = groupedBy(runs.filter(isClosed), (run) => run.close.action?.id);
  return {
    actions: ordered.flatMap((span) => actionOf(span, (id) => closed.get(id) ?? []) ?? []),
    runs,
    inherited: ordered.filter((span) => span.attributes.has(ATTR_CLOSE_INHERITED_CLASS)).length,
  };
}

/** Whether something closed the run before it had completed. */
export function isClosed(run: RunAccount): run is ClosedRun {
  return run.type === "closed";
}

/** An action's and an interrupt's span may name a run, and are none. */
function mayBeRun(span: LifecycleSpan): boolean {
  return !span.attributes.has(ATTR_ACTION_ID) && !span.attributes.has(ATTR_INTERRUPT_RESULT);
}

function inOrder(spans: Iterable<LifecycleSpan>): readonly LifecycleSpan[] {
  const distinct = new Map<string, LifecycleSpan>();
  for (const span of spans) {
    const key = spanKeyOf(span);
    if (!distinct.has(key)) distinct.set(key, span);
  }
  return [...distinct.values()].sort(byStartThenId);
}

function byStartThenId(one: LifecycleSpan, other: LifecycleSpan): number {
  if (one.startTimeUnixNano !== other.startTimeUnixNano) {
    return one.startTimeUnixNano < other.startTimeUnixNano ? -1 : 1;
  }
  // Ids of actions sort as they were made, within a millisecond too; those of runs mostly do.
  const [id, otherId] = [one, other].map(
    (span) => stringAttribute(span, ATTR_ACTION_ID) ?? stringAttribute(span, ATTR_RUN_ID),
  );
  if (id !== undefined && otherId !== undefined && id !== otherId) return id < otherId ? -1 : 1;
  if (one.spanId !== other.spanId) return one.spanId < other.spanId ? -1 : 1;
  return one.traceId < other.traceId ? -1 : 1;
}
