import type { Account } from "./account.ts";
import type { ActionAccount, RunCounts } from "./action-account.ts";
import type { IncidentAccount } from "./incident-account.ts";
import type { LossAccount } from "./loss-account.ts";
import type { RunAccount } from "./run-account.ts";

/** An action of {@link AccountJson}. */
export interface ActionJson {
  readonly id: string;
  readonly kind: string | null;
  readonly scope: string | null;
  readonly service: string | null;
  /** Nanoseconds since the epoch, in digits: a number would lose the last three. */
  readonly startTimeUnixNano: string | null;
  readonly endTimeUnixNano: string | null;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly trigger: string | null;
  readonly operation: string | null;
  readonly signal: string | null;
  readonly result: string | null;
  readonly runs: RunCounts;
  /** The ids of the runs of this input that it closed. */
  readonly closed: readonly string[];
}

/** A run of {@link AccountJson}; `class` and what follows is null for a completed one. */
export interface RunJson {
  readonly id: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly scope: string | null;
  readonly service: string | null;
  readonly startTimeUnixNano: string | null;
  readonly endTimeUnixNano: string | null;
  readonly result: string;
  readonly class: string | null;
  readonly confidence: string | null;
  readonly via: string | null;
  readonly actionId: string | null;
  readonly missing: readonly string[] | null;
  readonly interruptSeconds: number | null;
  readonly recovered: boolean | null;
  /** Left out where the run's span tells of no incident. */
  readonly incident?: IncidentJson;
  /** Left out where the run's span says nothing of the end of its process. */
  readonly loss?: LossJson;
}

/** What a run's own span says of its incident. */
export interface IncidentJson {
  readonly cause: string;
  readonly subcause: string | null;
  readonly phase: string | null;
  readonly recommendation: string | null;
  /** One plain English line of it. */
  readonly summary: string;
}

/** What the span of a lost run says of the end of its process. */
export interface LossJson {
  readonly reason: string;
  readonly source: string | null;
  readonly signal: string | null;
  readonly exitCode: number | null;
  readonly terminationReason: string | null;
}

/** What `why-closed --json` prints; whatever is not known is null, and only an incident or a loss is left out. */
export interface AccountJson {
  readonly actions: readonly ActionJson[];
  readonly runs: readonly RunJson[];
  readonly inherited: number;
}

/** The account as the document that `--json` prints, ready for `JSON.stringify`. */
export function toJson(account: Account): AccountJson {
  return {
    actions: account.actions.map(actionJson),
    runs: account.runs.map(runJson),
    inherited: account.inherited,
  };
}

function actionJson(action: ActionAccount): ActionJson {
  return {
    id: action.id,
    kind: action.kind ?? null,
    scope: action.scope ?? null,
    ...originJson(action),
    traceId: action.traceId,
    spanId: action.spanId,
    parentId: action.parentId ?? null,
    trigger: action.trigger ?? null,
    operation: action.operation ?? null,
    signal: action.signal ?? null,
    result: action.result ?? null,
    runs: action.runs,
    closed: action.closed.map((run) => run.id),
  };
}

function runJson(run: RunAccount): RunJson {
  const { close, incident, loss } = run.type === "closed" ? run : {};
  return {
    id: run.id,
    name: run.name,
    traceId: run.traceId,
    spanId: run.spanId,
    scope: run.scope ?? null,
    ...originJson(run),
    result: run.type === "closed" ? run.result : "completed",
    class: close?.class ?? null,
    confidence: close?.confidence ?? null,
    via: close?.via ?? null,
    actionId: close?.action?.id ?? null,
    missing: close?.missing ?? null,
    interruptSeconds: close?.interruptSeconds ?? null,
    recovered: close?.recovered ?? null,
    ...(incident === undefined ? {} : { incident: incidentJson(incident) }),
    ...(loss === undefined ? {} : { loss: lossJson(loss) }),
  };
}

function incidentJson(incident: IncidentAccount): IncidentJson {
  const { cause, subcause, phase, recommendation, summary } = incident;
  return {
    cause,
    subcause: subcause ?? null,
    phase: phase ?? null,
    recommendation: recommendation ?? null,
    summary,
  };
}

function lossJson({ reason, source, signal, exitCode, terminationReason }: LossAccount): LossJson {
  return {
    reason,
    source: source ?? null,
    signal: signal ?? null,
    exitCode: exitCode ?? null,
    terminationReason: terminationReason ?? null,
  };
}

/** Where and when a span was: what an action and a run have alike. */
function originJson(span: Pick<RunAccount, "service" | "startTimeUnixNano" | "endTimeUnixNano">) {
  return {
    service: span.service ?? null,
    startTimeUnixNano: nanosJson(span.startTimeUnixNano),
    endTimeUnixNano: nanosJson(span.endTimeUnixNano),
  };
}

function nanosJson(nanos: bigint): string | null {
  return nanos === 0n ? null : nanos.toString();
}
