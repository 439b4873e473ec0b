import { type Attributes, type Link, SpanStatusCode } from "@opentelemetry/api";
import {
  ATTR_ACTION_RESULT,
  ATTR_ACTION_UNSETTLED_RUN_COUNT,
  ATTR_CLOSE_CLASS,
  ATTR_CLOSE_CONFIDENCE,
  ATTR_CLOSE_INHERITED_CLASS,
  ATTR_CLOSE_MISSING,
  ATTR_CLOSE_VIA,
  ATTR_ERROR_TYPE,
  ATTR_LINK_TYPE,
  ATTR_RUN_RECOVERED,
  ATTR_RUN_RESULT,
  ATTR_SAMPLING_RESCUED,
  type CloseConfidence,
  type LinkType,
} from "@otel-lifecycle/api";
import type { SpanContextBody, SpanStartBody } from "../format/bodies.ts";
import { type Closing, closedByAttributes, closingSpanAttributes } from "./closing.ts";
import type { Addition } from "./rebuilt-span.ts";
import type { OpenRun } from "./recorded-span.ts";

/** What a run that was lost carries besides what it began with; `also`, what is known of the loss. */
export const lostRun = (
  { start, run }: { readonly start: SpanStartBody; readonly run: OpenRun },
  closing: Closing,
  also: Attributes,
): Addition => {
  const { action } = closing;
  return {
    status: { code: SpanStatusCode.ERROR },
    attributes: {
      [ATTR_RUN_RESULT]: "lost",
      [ATTR_CLOSE_CLASS]: closing.class,
      [ATTR_CLOSE_CONFIDENCE]: confidenceOf(closing),
      [ATTR_CLOSE_VIA]: "journal",
      ...(closing.class === "unknown_scope_close"
        ? { [ATTR_CLOSE_MISSING]: ["lifecycle.close_requested"] }
        : undefined),
      ...(action && { ...closedByAttributes(action), ...closingSpanAttributes(action) }),
      [ATTR_ERROR_TYPE]: "process_lost",
      [ATTR_RUN_RECOVERED]: true,
      ...rescued(start),
      ...also,
    },
    links: linksTo(start, run, closing),
  };
};

/** `process_lost` is proven by the journal; who had asked before need not be whom the run would have met. */
export const confidenceOf = (closing: Closing): CloseConfidence => {
  if (closing.class === "process_lost") return "high";
  return closing.class === "unknown_scope_close" ? "low" : "medium";
};

/** What the span of an automatic run carries that was none any more. */
export const yieldedRoot = (closing: Closing): Addition => ({
  attributes: {
    [ATTR_CLOSE_INHERITED_CLASS]: closing.class,
    ...(closing.action && closedByAttributes(closing.action)),
  },
});

/** What the span of a run carries that was over. */
export const SETTLED_RUN: Addition = { attributes: { [ATTR_RUN_RECOVERED]: true } };

/** What an action left behind. */
export interface Unsettled {
  /** How many runs that it covered were open. */
  count: number;
  /** The first that it closed. */
  readonly first: SpanContextBody[];
}

/** An action's span links to at most so many of its runs. */
export const MAX_LINKS = 100;

/** What an action that was open carries besides what it began with. */
export const openAction = (start: SpanStartBody, { count, first }: Unsettled): Addition => ({
  attributes: {
    [ATTR_ACTION_RESULT]: "unsettled",
    [ATTR_ACTION_UNSETTLED_RUN_COUNT]: count,
    ...(count === 0 ? undefined : rescued(start)),
  },
  links: first.map((run) => link(run, "interrupts")),
});

const rescued = ({ a }: SpanStartBody): Attributes | undefined =>
  a[ATTR_SAMPLING_RESCUED] === false ? { [ATTR_SAMPLING_RESCUED]: true } : undefined;

// As in a living process: none where Jaeger would redraw the tree, between a span and its ancestor,
// nor to an action from the run in whose code it was started.
const linksTo = (start: SpanStartBody, run: OpenRun, { action }: Closing): readonly Link[] => {
  if (action?.span === undefined) return [];
  if (action.known?.h?.includes(run.r.q) === true) return [];
  if (run.r.bi?.includes(action.id) === true && action.span.t === start.t) return [];
  return [link(action.span, "closed_by")];
};

const link = ({ t, s, f }: SpanContextBody, type: LinkType): Link => ({
  context: { traceId: t, spanId: s, traceFlags: f },
  attributes: { [ATTR_LINK_TYPE]: type },
});
