import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_CLOSE_ACTION_ID,
  ATTR_CLOSE_ACTION_KIND,
  ATTR_CLOSE_ACTION_SPAN_ID,
  ATTR_CLOSE_ACTION_TRACE_ID,
  ATTR_CLOSE_ACTION_TRIGGER,
} from "../attributes.ts";
import type { ActionRef } from "./close.ts";

/** An action as a run and what is below it carry it, because no backend follows links. */
export const closedByAttributes = (action: ActionRef): Attributes => ({
  [ATTR_CLOSE_ACTION_ID]: action.id,
  [ATTR_CLOSE_ACTION_KIND]: action.kind,
  [ATTR_CLOSE_ACTION_TRIGGER]: action.trigger,
  [ATTR_CLOSE_ACTION_TRACE_ID]: action.traceId,
  [ATTR_CLOSE_ACTION_SPAN_ID]: action.spanId,
});
