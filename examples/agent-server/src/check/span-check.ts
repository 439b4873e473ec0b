import {
  ATTR_ACTION_ID,
  ATTR_ACTION_RESULT,
  ATTR_CLOSE_ACTION_ID,
  ATTR_CLOSE_ACTION_KIND,
  ATTR_CLOSE_ACTION_SPAN_ID,
  ATTR_CLOSE_ACTION_TRACE_ID,
  ATTR_CLOSE_ACTION_TRIGGER,
  ATTR_ERROR_TYPE,
  ATTR_INCIDENT_CAUSE,
  ATTR_INCIDENT_PHASE,
  ATTR_INCIDENT_RETRY_RECOMMENDATION,
  ATTR_INCIDENT_SUBCAUSE,
  ATTR_INTERRUPT_DURATION,
  ATTR_INTERRUPT_RESULT,
  ATTR_RUN_ID,
  ATTR_RUN_RESULT,
} from "@otel-lifecycle/api";
import { byId } from "./by-id.ts";
import { differences } from "./difference.ts";
import { type Driven, type DrivenAction, type DrivenRun, wasAsked } from "./driven.ts";
import type { WireSpan } from "./wire-span.ts";

/** What two clocks may differ by, in seconds. */
const TOLERANCE_S = 0.001;

/** Where our own spans do not say what was driven: what the account leaves out of them. */
export const unmetSpans = (driven: Driven, spans: readonly WireSpan[]): string[] => {
  const runs = spans.filter(({ attributes }) => attributes.has(ATTR_RUN_RESULT));
  const interrupts = spans.filter(({ attributes }) => attributes.has(ATTR_INTERRUPT_RESULT));
  const actions = spans.filter(({ attributes }) => attributes.has(ATTR_ACTION_RESULT));
  const closed = driven.runs.filter(({ action }) => action !== undefined);

  const expectedRuns = driven.runs.map((run) =>
    expectedRun(run, {
      action: driven.actions.find(({ id }) => id === run.action),
      run: withText(runs, ATTR_RUN_ID, run.id),
      interrupt: withText(interrupts, ATTR_RUN_ID, run.id),
      closer: withText(actions, ATTR_ACTION_ID, run.action),
    }),
  );
  const expectedInterrupts = closed.map(({ id }) =>
    expectedInterrupt(id, withText(interrupts, ATTR_RUN_ID, id)),
  );
  const toldRuns = runs.map((span) => told(span, ATTR_RUN_ID, RUN_ATTRIBUTES));
  const toldInterrupts = interrupts.map((span) => told(span, ATTR_RUN_ID, INTERRUPT_ATTRIBUTES));
  const toldActions = actions.map((span) => told(span, ATTR_ACTION_ID, []));
  return [
    ...differences(byId(expectedRuns), byId(toldRuns), "run"),
    ...differences(byId(expectedInterrupts), byId(toldInterrupts), "interrupt"),
    // Which actions there are is the account's to say. None of them failed.
    ...differences(
      byId(toldActions.map((action) => ({ ...action, status: "UNSET" }))),
      byId(toldActions),
      "action",
    ),
  ];
};

const RUN_ATTRIBUTES = [
  ATTR_ERROR_TYPE,
  ATTR_INTERRUPT_DURATION,
  ATTR_CLOSE_ACTION_ID,
  ATTR_CLOSE_ACTION_KIND,
  ATTR_CLOSE_ACTION_TRIGGER,
  ATTR_CLOSE_ACTION_TRACE_ID,
  ATTR_CLOSE_ACTION_SPAN_ID,
  ATTR_INCIDENT_CAUSE,
  ATTR_INCIDENT_SUBCAUSE,
  ATTR_INCIDENT_PHASE,
  ATTR_INCIDENT_RETRY_RECOMMENDATION,
] as const;

const INTERRUPT_ATTRIBUTES = [ATTR_INTERRUPT_RESULT, ATTR_INTERRUPT_DURATION] as const;

/** The spans that tell of one run, as far as they arrived, and the action that was asked for. */
interface Told {
  readonly action: DrivenAction | undefined;
  readonly run: WireSpan | undefined;
  readonly interrupt: WireSpan | undefined;
  readonly closer: WireSpan | undefined;
}

const expectedRun = (driven: DrivenRun, { action, run, interrupt, closer }: Told) => {
  const [traceId, spanId] = closer?.key.split("/") ?? [];
  return {
    id: driven.id,
    status: driven.result === "failed" ? "ERROR" : "UNSET",
    [ATTR_ERROR_TYPE]: oneOf(driven.errorTypes, run),
    // As long as its interrupt span; without one, at most as long as the run was.
    [ATTR_INTERRUPT_DURATION]: wasAsked(driven)
      ? within(run, interrupt?.seconds ?? 0, (interrupt ?? run)?.seconds)
      : null,
    [ATTR_CLOSE_ACTION_ID]: action?.id ?? null,
    [ATTR_CLOSE_ACTION_KIND]: action?.kind ?? null,
    [ATTR_CLOSE_ACTION_TRIGGER]: action === undefined ? null : "http",
    [ATTR_CLOSE_ACTION_TRACE_ID]: traceId ?? null,
    [ATTR_CLOSE_ACTION_SPAN_ID]: spanId ?? null,
    [ATTR_INCIDENT_CAUSE]: driven.incident?.cause ?? null,
    [ATTR_INCIDENT_SUBCAUSE]: driven.incident?.subcause ?? null,
    [ATTR_INCIDENT_PHASE]: driven.incident?.phase ?? null,
    [ATTR_INCIDENT_RETRY_RECOMMENDATION]: driven.incident?.advice ?? null,
  };
};

const expectedInterrupt = (id: string, span: WireSpan | undefined) => ({
  id,
  status: "UNSET",
  [ATTR_INTERRUPT_RESULT]: "stopped",
  [ATTR_INTERRUPT_DURATION]: within(span, span?.seconds, span?.seconds),
});

// What was told, if it may be that; else, for the difference to show, what it may be at most.
const within = (span: WireSpan | undefined, least = 0, most = 0): number => {
  const seconds = span?.attributes.get(ATTR_INTERRUPT_DURATION);
  if (typeof seconds !== "number") return most;
  return seconds >= least - TOLERANCE_S && seconds <= most + TOLERANCE_S ? seconds : most;
};

const oneOf = (allowed: readonly string[] | undefined, span: WireSpan | undefined) => {
  const actual = span?.attributes.get(ATTR_ERROR_TYPE);
  if (allowed === undefined) return null;
  return allowed.find((text) => text === actual) ?? allowed.join(" or ");
};

const told = (span: WireSpan, idName: string, names: readonly string[]) => ({
  id: String(span.attributes.get(idName)),
  status: span.status,
  ...Object.fromEntries(names.map((name) => [name, span.attributes.get(name) ?? null])),
});

const withText = (
  spans: readonly WireSpan[],
  name: string,
  text: string | undefined,
): WireSpan | undefined =>
  text === undefined ? undefined : spans.find(({ attributes }) => attributes.get(name) === text);
