import {
  ATTR_ACTION_COMPLETED_RUN_COUNT,
  ATTR_ACTION_COVERED_RUN_COUNT,
  ATTR_ACTION_FAILED_RUN_COUNT,
  ATTR_ACTION_ID,
  ATTR_ACTION_INTERRUPTED_RUN_COUNT,
  ATTR_ACTION_KIND,
  ATTR_ACTION_OPERATION,
  ATTR_ACTION_OTHER_RUN_COUNT,
  ATTR_ACTION_PARENT_ID,
  ATTR_ACTION_RESULT,
  ATTR_ACTION_SIGNAL,
  ATTR_ACTION_TRIGGER,
  ATTR_ACTION_UNSETTLED_RUN_COUNT,
  ATTR_ERROR_TYPE,
  ATTR_SCOPE_KEY,
  ATTR_SCOPE_KIND,
} from "@otel-lifecycle/api";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { countAttribute, stringAttribute } from "./attribute.ts";
import type { ClosedRun } from "./run-account.ts";

/**
 * What became of the runs that an action covered, as its own span counts them: 0 where it does not
 * say, as that of an action whose process died counts only those that had not ended.
 */
export interface RunCounts {
  /** The sum of the others. */
  readonly covered: number;
  readonly interrupted: number;
  readonly completed: number;
  readonly failed: number;
  /** Closed by something that had begun earlier. */
  readonly other: number;
  /** Had not stopped when the action's span ended. */
  readonly unsettled: number;
}

/** One lifecycle action of the input and the runs that it closed. */
export interface ActionAccount {
  readonly id: string;
  readonly kind: string | undefined;
  /** The kind of the scope that it closed. */
  readonly scope: string | undefined;
  readonly scopeKey: string | undefined;
  /** `service.name` of the process that it happened in. */
  readonly service: string | undefined;
  /** Nanoseconds since the epoch; 0 where the input does not say. */
  readonly startTimeUnixNano: bigint;
  /** When it and all that it covered had ended, or it stopped waiting; 0 where the input does not say. */
  readonly endTimeUnixNano: bigint;
  readonly traceId: string;
  readonly spanId: string;
  /** The id of the action that it is nested in. */
  readonly parentId: string | undefined;
  readonly trigger: string | undefined;
  readonly operation: string | undefined;
  readonly signal: string | undefined;
  readonly result: string | undefined;
  readonly errorType: string | undefined;
  readonly runs: RunCounts;
  /** The runs of this input that name it as what closed them; `runs` counts the others too. */
  readonly closed: readonly ClosedRun[];
}

/** The action that a span records, if it records one: if it has a `lifecycle.action.id`. */
export function actionOf(
  span: LifecycleSpan,
  closedBy: (actionId: string) => readonly ClosedRun[],
): ActionAccount | undefined {
  const id = stringAttribute(span, ATTR_ACTION_ID);
  if (id === undefined) return undefined;
  return {
    id,
    kind: stringAttribute(span, ATTR_ACTION_KIND),
    scope: stringAttribute(span, ATTR_SCOPE_KIND),
    scopeKey: stringAttribute(span, ATTR_SCOPE_KEY),
    service: span.service,
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
    traceId: span.traceId,
    spanId: span.spanId,
    parentId: stringAttribute(span, ATTR_ACTION_PARENT_ID),
    trigger: stringAttribute(span, ATTR_ACTION_TRIGGER),
    operation: stringAttribute(span, ATTR_ACTION_OPERATION),
    signal: stringAttribute(span, ATTR_ACTION_SIGNAL),
    result: stringAttribute(span, ATTR_ACTION_RESULT),
    errorType: stringAttribute(span, ATTR_ERROR_TYPE),
    runs: countsOf(span),
    closed: closedBy(id),
  };
}

function countsOf(span: LifecycleSpan): RunCounts {
  return {
    covered: countAttribute(span, ATTR_ACTION_COVERED_RUN_COUNT),
    interrupted: countAttribute(span, ATTR_ACTION_INTERRUPTED_RUN_COUNT),
    completed: countAttribute(span, ATTR_ACTION_COMPLETED_RUN_COUNT),
    failed: countAttribute(span, ATTR_ACTION_FAILED_RUN_COUNT),
    other: countAttribute(span, ATTR_ACTION_OTHER_RUN_COUNT),
    unsettled: countAttribute(span, ATTR_ACTION_UNSETTLED_RUN_COUNT),
  };
}
