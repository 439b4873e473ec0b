import { type Attributes, isSpanContextValid, type SpanContext } from "@opentelemetry/api";
import {
  ATTR_CLOSE_ACTION_ID,
  ATTR_CLOSE_ACTION_KIND,
  ATTR_CLOSE_ACTION_SPAN_ID,
  ATTR_CLOSE_ACTION_TRACE_ID,
  ATTR_CLOSE_ACTION_TRIGGER,
} from "../attributes.ts";
import type { ActionRef } from "./close.ts";

/** An action as a run and what is below it carry it, because no backend follows links. */
export const closedByAttributes = ({ id, kind, trigger }: ActionRef): Attributes => ({
  [ATTR_CLOSE_ACTION_ID]: id,
  [ATTR_CLOSE_ACTION_KIND]: kind,
  [ATTR_CLOSE_ACTION_TRIGGER]: trigger,
});

/** Where the action's span is, for the run itself; nowhere if it has none. */
export const closingSpanAttributes = (action: ActionRef): Attributes => {
  const context = spanContextOf(action);
  if (context === undefined) return {};
  return {
    [ATTR_CLOSE_ACTION_TRACE_ID]: context.traceId,
    [ATTR_CLOSE_ACTION_SPAN_ID]: context.spanId,
  };
};

/** The context of the action's span, for links; undefined if it was never started. */
export const spanContextOf = ({
  traceId,
  spanId,
  traceFlags,
}: ActionRef): SpanContext | undefined => {
  const context = { traceId, spanId, traceFlags };
  return isSpanContextValid(context) ? context : undefined;
};
