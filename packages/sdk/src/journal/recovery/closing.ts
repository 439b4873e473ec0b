import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_ACTION_KIND,
  ATTR_ACTION_TRIGGER,
  ATTR_CLOSE_ACTION_ID,
  ATTR_CLOSE_ACTION_KIND,
  ATTR_CLOSE_ACTION_SPAN_ID,
  ATTR_CLOSE_ACTION_TRACE_ID,
  ATTR_CLOSE_ACTION_TRIGGER,
  type CloseClass,
} from "@otel-lifecycle/api";
import type { CauseBody, SpanContextBody, SpanStartBody } from "../format/bodies.ts";
import { isContext } from "./body-forms.ts";
import type { OpenAction } from "./recorded-span.ts";
import type { Verdict } from "./verdict.ts";

/** An action that was open, or whose cover never lapses. */
export interface JournalAction extends OpenAction {
  readonly start: SpanStartBody;
}

/** What closed a run, as its span and its incident say it. */
export interface Closing {
  readonly class: CloseClass;
  /** Its place on the thread's counter; none for the end of the process. */
  readonly q: number | undefined;
  readonly action: ClosingAction | undefined;
}

export interface ClosingAction {
  readonly id: string;
  readonly kind: string;
  readonly trigger: string;
  /** Its span; undefined if it never had one. */
  readonly span: SpanContextBody | undefined;
  /** What the journal holds of it, unless it is another process's, or was over. */
  readonly known: JournalAction | undefined;
}

export const closingOf = (
  verdict: Verdict<JournalAction>,
  actions: readonly JournalAction[],
): Closing => {
  switch (verdict.type) {
    case "process_lost":
      return { class: "process_lost", q: undefined, action: undefined };
    case "cover":
      return {
        class: "lifecycle_action",
        q: verdict.cover.q,
        action: actionOf(verdict.cover),
      };
    case "cause": {
      const { type, q, action } = verdict.cause;
      return { class: type, q, action: action && causingAction(action, actions) };
    }
  }
};

/** The action as a run, or a span below one, carries it. */
export const closedByAttributes = ({ id, kind, trigger }: ClosingAction): Attributes => ({
  [ATTR_CLOSE_ACTION_ID]: id,
  [ATTR_CLOSE_ACTION_KIND]: kind,
  [ATTR_CLOSE_ACTION_TRIGGER]: trigger,
});

/** Where its span is, as the run itself says it. */
export const closingSpanAttributes = ({ span }: ClosingAction): Attributes =>
  span === undefined
    ? {}
    : { [ATTR_CLOSE_ACTION_TRACE_ID]: span.t, [ATTR_CLOSE_ACTION_SPAN_ID]: span.s };

/** An action of the journal as what it closed sees it. */
export const actionOf = (known: JournalAction): ClosingAction => {
  const { id, start } = known;
  return {
    id,
    kind: textOf(start, ATTR_ACTION_KIND) ?? "_other",
    trigger: textOf(start, ATTR_ACTION_TRIGGER) ?? "unknown",
    span: isContext(start) ? start : undefined,
    known,
  };
};

const causingAction = (
  action: NonNullable<CauseBody["action"]>,
  actions: readonly JournalAction[],
): ClosingAction => ({
  id: action.id,
  kind: action.kind,
  trigger: action.trigger,
  span: isContext(action) ? action : undefined,
  known: actions.find(({ id }) => id === action.id),
});

const textOf = ({ a }: SpanStartBody, name: string): string | undefined => {
  const value = a[name];
  return typeof value === "string" ? value : undefined;
};
