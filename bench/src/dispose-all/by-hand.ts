import type { Context, Span, Tracer } from "@opentelemetry/api";
import {
  ATTR_ACTION_COMPLETED_RUN_COUNT,
  ATTR_ACTION_COVERED_RUN_COUNT,
  ATTR_ACTION_FAILED_RUN_COUNT,
  ATTR_ACTION_ID,
  ATTR_ACTION_INTERRUPTED_RUN_COUNT,
  ATTR_ACTION_KIND,
  ATTR_ACTION_OPERATION,
  ATTR_ACTION_OTHER_RUN_COUNT,
  ATTR_ACTION_RESULT,
  ATTR_ACTION_TRIGGER,
  ATTR_ACTION_UNSETTLED_RUN_COUNT,
  ATTR_CLOSE_ACTION_ID,
  ATTR_CLOSE_ACTION_KIND,
  ATTR_CLOSE_ACTION_SPAN_ID,
  ATTR_CLOSE_ACTION_TRACE_ID,
  ATTR_CLOSE_ACTION_TRIGGER,
  ATTR_CLOSE_CLASS,
  ATTR_CLOSE_CONFIDENCE,
  ATTR_CLOSE_ERROR_TYPE,
  ATTR_CLOSE_VIA,
  ATTR_INTERRUPT_DURATION,
  ATTR_INTERRUPT_RESULT,
  ATTR_LINK_TYPE,
  ATTR_RUN_RESULT,
  ATTR_SCOPE_KIND,
} from "@otel-lifecycle/api";
import { RUN_NAME } from "./fleet.ts";
import type { PlainRun } from "./plain-fleet.ts";

// What our package writes, written by hand; a test compares the two.

const ACTION = { id: "01jd2k3m4n5p6q7r8s9t0v1w2x", kind: "dispose_all", trigger: "http" } as const;

export const beginActionSpan = (tracer: Tracer): Span =>
  tracer.startSpan("dispose_all instance_store", {
    attributes: {
      [ATTR_SCOPE_KIND]: "instance_store",
      [ATTR_ACTION_ID]: ACTION.id,
      [ATTR_ACTION_KIND]: ACTION.kind,
      [ATTR_ACTION_TRIGGER]: ACTION.trigger,
      [ATTR_ACTION_OPERATION]: "POST /global/dispose",
    },
  });

/** On the span of a run that was disposed of. */
export const stampSpan = ({ span, askedAt, stoppedAt }: PlainRun, action: Span): void => {
  const closedBy = action.spanContext();
  span.setAttributes({
    [ATTR_RUN_RESULT]: "interrupted",
    [ATTR_CLOSE_CLASS]: "lifecycle_action",
    [ATTR_CLOSE_CONFIDENCE]: "high",
    [ATTR_CLOSE_VIA]: "error",
    [ATTR_CLOSE_ERROR_TYPE]: "AbortError",
    [ATTR_INTERRUPT_DURATION]: (stoppedAt - askedAt) / 1000,
    [ATTR_CLOSE_ACTION_ID]: ACTION.id,
    [ATTR_CLOSE_ACTION_KIND]: ACTION.kind,
    [ATTR_CLOSE_ACTION_TRIGGER]: ACTION.trigger,
    [ATTR_CLOSE_ACTION_TRACE_ID]: closedBy.traceId,
    [ATTR_CLOSE_ACTION_SPAN_ID]: closedBy.spanId,
  });
  span.addLink({ context: closedBy, attributes: { [ATTR_LINK_TYPE]: "closed_by" } });
};

/** Where an action's interrupt spans go; `epoch` turns the monotonic clock into the span's. */
export interface InterruptPlace {
  readonly tracer: Tracer;
  readonly context: Context;
  readonly epoch: number;
}

export const writeInterruptSpan = (
  { span, askedAt, stoppedAt }: PlainRun,
  { tracer, context, epoch }: InterruptPlace,
): void => {
  const interrupt = tracer.startSpan(
    `interrupt ${RUN_NAME}`,
    {
      startTime: epoch + askedAt,
      links: [{ context: span.spanContext(), attributes: { [ATTR_LINK_TYPE]: "interrupts" } }],
      attributes: {
        [ATTR_INTERRUPT_DURATION]: (stoppedAt - askedAt) / 1000,
        [ATTR_INTERRUPT_RESULT]: "stopped",
      },
    },
    context,
  );
  interrupt.end(epoch + stoppedAt);
};

export const endActionSpan = (action: Span, linked: readonly PlainRun[], count: number): void => {
  action.setAttributes({
    [ATTR_ACTION_RESULT]: "completed",
    [ATTR_ACTION_COVERED_RUN_COUNT]: count,
    [ATTR_ACTION_INTERRUPTED_RUN_COUNT]: count,
    [ATTR_ACTION_COMPLETED_RUN_COUNT]: 0,
    [ATTR_ACTION_FAILED_RUN_COUNT]: 0,
    [ATTR_ACTION_OTHER_RUN_COUNT]: 0,
    [ATTR_ACTION_UNSETTLED_RUN_COUNT]: 0,
  });
  for (const { span } of linked) {
    const attributes = { [ATTR_LINK_TYPE]: "interrupts" };
    action.addLink({ context: span.spanContext(), attributes });
  }
  action.end();
};
