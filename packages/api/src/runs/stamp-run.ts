import { type Attributes, SpanStatusCode } from "@opentelemetry/api";
import { isHost, isWithin } from "../actions/cover.ts";
import {
  ATTR_CLOSE_CLASS,
  ATTR_CLOSE_CONFIDENCE,
  ATTR_CLOSE_ERROR_TYPE,
  ATTR_CLOSE_MISSING,
  ATTR_CLOSE_VIA,
  ATTR_ERROR_TYPE,
  ATTR_INTERRUPT_DURATION,
  ATTR_LINK_TYPE,
  ATTR_RUN_RESULT,
} from "../attributes.ts";
import { type ActionRef, type Close, resultOf } from "../closes/close.ts";
import { closedByAttributes, closingSpanAttributes, spanContextOf } from "../closes/closed-by.ts";
import { isUnset, stamp, stampOne } from "../stamp.ts";
import type { ManagedRun } from "./managed-run.ts";
import { rescueRun } from "./rescue.ts";
import { getSpanState } from "./span-state.ts";

/**
 * Writes a run's verdict on its span, while that can still be written, and what an incident adds.
 */
export const stampRun = (run: ManagedRun, incident?: Attributes): void => {
  const { close, span } = run;
  if (close === undefined || !span.isRecording()) return;
  // A run that shares its span with the one around it leaves the verdict to that one.
  if (getSpanState(span) !== run) return;
  const result = resultOf(close, run.timeoutResult);
  // Its sampler has seen it before anybody knew that it is a run, and it may have been none.
  if (run.origin === "automatic") stamp(span, run.scope.attributes);
  if (close.type === "completed") {
    stampOne(span, ATTR_RUN_RESULT, result);
    return;
  }
  // What is not ours keeps the status that its owner gives it.
  const failed = run.origin === "api" && (result === "failed" || result === "lost");
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
  const attributes: Attributes = {
    [ATTR_RUN_RESULT]: result,
    [ATTR_CLOSE_CLASS]: close.type,
    [ATTR_CLOSE_CONFIDENCE]: close.confidence,
    [ATTR_CLOSE_VIA]: close.via,
  };
  if (failed) attributes[ATTR_ERROR_TYPE] = failureOf(close);
  else if (close.errorType !== undefined && isUnset(span)) {
    attributes[ATTR_CLOSE_ERROR_TYPE] = close.errorType;
  }
  if (run.asked !== undefined) {
    attributes[ATTR_INTERRUPT_DURATION] = (run.stoppedAt - run.askedAt) / 1000;
  }
  if (close.type === "unknown_scope_close") attributes[ATTR_CLOSE_MISSING] = [...close.missing];
  if (close.type === "lifecycle_action") {
    const { action } = close;
    Object.assign(attributes, closedByAttributes(action), closingSpanAttributes(action));
  }
  Object.assign(attributes, incident);
  stamp(span, attributes);
  if (close.type === "lifecycle_action") link(run, close.action);
  rescueRun(run);
};

const link = (run: ManagedRun, action: ActionRef): void => {
  const context = spanContextOf(action);
  if (context === undefined || isKin(run, action)) return;
  run.span.addLink({ context, attributes: { [ATTR_LINK_TYPE]: "closed_by" } });
};

/** `error.type` of a run that failed or was lost. */
export const failureOf = (close: Exclude<Close, { type: "completed" }>): string =>
  close.type === "timeout" || close.type === "process_lost"
    ? close.type
    : (close.errorType ?? "_OTHER");

// Jaeger would redraw the tree for a link between a span and its own ancestor; and whoever started
// the action is not one whom it was aimed at.
const isKin = (run: ManagedRun, action: ActionRef): boolean => {
  if (isHost(run, action)) return true;
  return isWithin(run.begunIn, action) && run.span.spanContext().traceId === action.traceId;
};
