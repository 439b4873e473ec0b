import {
  ATTR_ACTION_COVERED_RUN_COUNT,
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
  ATTR_CLOSE_ACTION_TRACE_ID,
  ATTR_CLOSE_CLASS,
  ATTR_CLOSE_CONFIDENCE,
  ATTR_CLOSE_ERROR_TYPE,
  ATTR_CLOSE_MISSING,
  ATTR_CLOSE_VIA,
  ATTR_INTERRUPT_DURATION,
  ATTR_LOSS_REASON,
  ATTR_RUN_ID,
  ATTR_RUN_RECOVERED,
  ATTR_RUN_RESULT,
  ATTR_SCOPE_KIND,
} from "@otel-lifecycle/api";

import { variable } from "./variable.ts";

const SERVICE = `resource.service.name =~ "${variable("service:pipe")}"`;

/** Spans of the chosen services that fulfil `condition`, the newest first, with `attributes`. */
const newest = (condition: string, attributes: readonly string[]): string =>
  `{ ${condition} && ${SERVICE} } | select(${["name", ...attributes.map(span)].join(", ")}) with (most_recent=true)`;

const span = (attribute: string): string => `span.${attribute}`;

const is = (attribute: string, value: string): string => `${span(attribute)} = "${value}"`;

/** Only ever for presence: a span without the attribute drops out of a test for absence. */
const has = (attribute: string): string => `${span(attribute)} != nil`;

/** The last actions, and how many runs each covered. */
export const lastActions = (): string =>
  newest(has(ATTR_ACTION_KIND), [
    ATTR_ACTION_KIND,
    ATTR_SCOPE_KIND,
    ATTR_ACTION_TRIGGER,
    ATTR_ACTION_OPERATION,
    ATTR_ACTION_RESULT,
    ATTR_ACTION_COVERED_RUN_COUNT,
    ATTR_ACTION_INTERRUPTED_RUN_COUNT,
    ATTR_ACTION_OTHER_RUN_COUNT,
    ATTR_ACTION_UNSETTLED_RUN_COUNT,
    ATTR_ACTION_ID,
  ]);

/** The last interrupted runs, and what closed them. */
export const lastInterrupted = (): string =>
  newest(is(ATTR_RUN_RESULT, "interrupted"), [
    ATTR_RUN_ID,
    ATTR_SCOPE_KIND,
    ATTR_CLOSE_CLASS,
    ATTR_CLOSE_CONFIDENCE,
    ATTR_INTERRUPT_DURATION,
    ATTR_CLOSE_ACTION_KIND,
    ATTR_CLOSE_ACTION_ID,
    ATTR_CLOSE_ACTION_TRACE_ID,
  ]);

/** The last runs of which nobody says who closed them, and what is missing to say it. */
export const lastUnknown = (): string =>
  newest(is(ATTR_CLOSE_CLASS, "unknown_scope_close"), [
    ATTR_RUN_ID,
    ATTR_SCOPE_KIND,
    ATTR_CLOSE_VIA,
    ATTR_CLOSE_ERROR_TYPE,
    ATTR_CLOSE_MISSING,
  ]);

/** The last runs whose process died. */
export const lastLost = (): string =>
  newest(is(ATTR_RUN_RESULT, "lost"), [
    ATTR_RUN_ID,
    ATTR_SCOPE_KIND,
    ATTR_CLOSE_CLASS,
    ATTR_RUN_RECOVERED,
    ATTR_LOSS_REASON,
    ATTR_CLOSE_ACTION_KIND,
    ATTR_CLOSE_ACTION_ID,
    ATTR_CLOSE_ACTION_TRACE_ID,
  ]);

/** All runs that one action closed: no structural operator crosses a trace, the id does. */
export const fanOut = (actionId: string): string =>
  `{ ${is(ATTR_CLOSE_ACTION_ID, actionId)} && ${has(ATTR_RUN_RESULT)} }`;
