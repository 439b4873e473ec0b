import {
  ATTR_CLOSE_ACTION_ID,
  ATTR_CLOSE_ACTION_KIND,
  ATTR_CLOSE_ACTION_TRIGGER,
  ATTR_CLOSE_CLASS,
  ATTR_CLOSE_CONFIDENCE,
  ATTR_CLOSE_ERROR_TYPE,
  ATTR_CLOSE_MISSING,
  ATTR_CLOSE_VIA,
  ATTR_ERROR_TYPE,
  ATTR_INTERRUPT_DURATION,
  ATTR_RUN_ID,
  ATTR_RUN_RECOVERED,
  ATTR_RUN_RESULT,
  ATTR_SCOPE_KEY,
  ATTR_SCOPE_KIND,
} from "@otel-lifecycle/api";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { hasFlag, numberAttribute, stringAttribute, stringsAttribute } from "./attribute.ts";
import { type IncidentAccount, incidentOf } from "./incident-account.ts";
import { type LossAccount, lossOf } from "./loss-account.ts";

/** The action that closed a run, as the run's own span names it. */
export interface ClosingAction {
  readonly id: string;
  readonly kind: string | undefined;
  readonly trigger: string | undefined;
}

/** What closed a run. Every value is as the span has it: a newer convention's passes through. */
export interface CloseAccount {
  readonly class: string | undefined;
  readonly confidence: string | undefined;
  readonly via: string | undefined;
  /** Undefined unless an action closed the run. */
  readonly action: ClosingAction | undefined;
  /** The provenance that would be needed to know who closed it. */
  readonly missing: readonly string[];
  readonly errorType: string | undefined;
  /** Seconds from being asked to stop until it stopped. */
  readonly interruptSeconds: number | undefined;
  /** Rebuilt from a journal after its process had died. */
  readonly recovered: boolean;
}

/** What every run has, however it ended. */
export interface RunIdentity {
  /** The application's id, else the span's. */
  readonly id: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** The kind of the scope that owned it. */
  readonly scope: string | undefined;
  /** That scope's keyed hash. */
  readonly scopeKey: string | undefined;
  /** `service.name` of the process that it ran in. */
  readonly service: string | undefined;
  /** Nanoseconds since the epoch; 0 where the input does not say. */
  readonly startTimeUnixNano: bigint;
  /** Nanoseconds since the epoch; 0 where the input does not say. */
  readonly endTimeUnixNano: bigint;
}

/** A run that did its work. */
export interface CompletedRun extends RunIdentity {
  readonly type: "completed";
}

/** A run that something closed before it had completed. */
export interface ClosedRun extends RunIdentity {
  readonly type: "closed";
  /** `interrupted`, `failed` or `lost`. */
  readonly result: string;
  readonly close: CloseAccount;
  /** What its own span says of its incident; undefined where incidents are not recorded. */
  readonly incident: IncidentAccount | undefined;
  /** What its own span says of the end of its process; undefined unless that was lost. */
  readonly loss: LossAccount | undefined;
}

/** One run of the input and how it ended. */
export type RunAccount = CompletedRun | ClosedRun;

/** The run that a span records, if it records one: if it has a `lifecycle.run.result`. */
export function runOf(span: LifecycleSpan): RunAccount | undefined {
  const result = stringAttribute(span, ATTR_RUN_RESULT);
  if (result === undefined) return undefined;
  const identity: RunIdentity = {
    id: stringAttribute(span, ATTR_RUN_ID) ?? span.spanId,
    name: span.name,
    traceId: span.traceId,
    spanId: span.spanId,
    scope: stringAttribute(span, ATTR_SCOPE_KIND),
    scopeKey: stringAttribute(span, ATTR_SCOPE_KEY),
    service: span.service,
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
  };
  if (result === "completed") return { type: "completed", ...identity };
  return {
    type: "closed",
    ...identity,
    result,
    close: closeOf(span),
    incident: incidentOf(span),
    loss: lossOf(span),
  };
}

function closeOf(span: LifecycleSpan): CloseAccount {
  return {
    class: stringAttribute(span, ATTR_CLOSE_CLASS),
    confidence: stringAttribute(span, ATTR_CLOSE_CONFIDENCE),
    via: stringAttribute(span, ATTR_CLOSE_VIA),
    action: closingActionOf(span),
    missing: stringsAttribute(span, ATTR_CLOSE_MISSING),
    errorType:
      stringAttribute(span, ATTR_CLOSE_ERROR_TYPE) ?? stringAttribute(span, ATTR_ERROR_TYPE),
    interruptSeconds: numberAttribute(span, ATTR_INTERRUPT_DURATION),
    recovered: hasFlag(span, ATTR_RUN_RECOVERED),
  };
}

function closingActionOf(span: LifecycleSpan): ClosingAction | undefined {
  const id = stringAttribute(span, ATTR_CLOSE_ACTION_ID);
  if (id === undefined) return undefined;
  return {
    id,
    kind: stringAttribute(span, ATTR_CLOSE_ACTION_KIND),
    trigger: stringAttribute(span, ATTR_CLOSE_ACTION_TRIGGER),
  };
}
