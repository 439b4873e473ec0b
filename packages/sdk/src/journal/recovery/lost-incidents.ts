import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_ACTION_PARENT_ID,
  ATTR_RUN_ID,
  ATTR_SCOPE_KEY,
  ATTR_SCOPE_KIND,
} from "@otel-lifecycle/api";
import {
  type ActionFacts,
  createEvidenceLog,
  deriveIncident,
  type Evidence,
  judge,
  type RequestedClose,
  type RunIdentity,
  type RunIncident,
  safeRunIdentity,
} from "@otel-lifecycle/incidents";
import { incidentAttributes } from "../../incidents/incident-attributes.ts";
import type { SpanStartBody } from "../format/bodies.ts";
import { isObject } from "./body-forms.ts";
import { actionOf, type Closing, type ClosingAction, type JournalAction } from "./closing.ts";
import type { LostRun } from "./judge-spans.ts";
import { confidenceOf } from "./lost-spans.ts";

// Loaded only where the process of a journal had recorded incidents.

/** The incident of a lost run, from what its journal holds; the same whenever it is derived. */
export interface LostIncident {
  /** What its span carries of it. */
  readonly attributes: Attributes;
  readonly incident: () => RunIncident | undefined;
}

/** What is known besides the run. */
export interface IncidentContext {
  readonly actions: readonly JournalAction[];
  /** In ms since the epoch. */
  readonly lastSign: number;
}

/** None of an automatic run of which nobody said anything: its process would not have had one either. */
export const lostIncidentOf = (
  lost: LostRun,
  { actions, lastSign }: IncidentContext,
): LostIncident | undefined => {
  const { start, run, closing } = lost;
  if (run.r.o === "automatic" && run.evidence.length === 0) return undefined;
  const { evidence, omitted } = logOf(lost, actions);
  const judgement = judge({ evidence: evidence(), omitted: omitted() });
  if (judgement === undefined) return undefined;
  return {
    attributes: incidentAttributes(judgement),
    incident: () =>
      deriveIncident({
        run: identityOf(start, run.r.n ?? start.n, lastSign),
        evidence: evidence(),
        omitted: omitted(),
      }),
  };

  function logOf({ run: { evidence: kept } }: LostRun, known: readonly JournalAction[]) {
    const log = createEvidenceLog(NO_CLOCK);
    // Sieved again as it is put in, because it comes from a disk.
    for (const one of [...kept].sort(byOrder)) log.put(one as Evidence);
    const requested = requestOf(closing, known);
    if (requested !== undefined && !isAmong(requested, log.evidence())) {
      log.put(piece("close_requested", { close: requested }, { order: closing.q }));
    }
    const last = log.evidence().at(-1);
    const order = Math.max(last?.order ?? 0, closing.q ?? 0, run.r.q) + 1;
    const { class: type } = closing;
    const end = { result: "lost", class: type, confidence: confidenceOf(closing), via: "journal" };
    const facts = { end, ...(requested && { close: requested }) } as Evidence["facts"];
    log.put(piece("run_ended", facts, { order, attempt: last?.attempt }));
    return log;
  }
};

// What is put in has its order and times already.
const NO_CLOCK = { order: () => 0, now: () => 0 };

const byOrder = (one: unknown, other: unknown): number => orderOf(one) - orderOf(other);

const orderOf = (one: unknown): number => {
  const order = isObject(one) ? one["order"] : undefined;
  return typeof order === "number" ? order : 0;
};

const piece = (
  type: string,
  facts: Evidence["facts"],
  {
    order,
    attempt = 0,
  }: { readonly order: number | undefined; readonly attempt?: number | undefined },
): Evidence => ({
  type,
  ...(order === undefined ? undefined : { order }),
  count: 1,
  source: "journal",
  attempt,
  facts,
  redactions: [],
});

const isAmong = (requested: RequestedClose, evidence: readonly Evidence[]): boolean =>
  evidence.some(
    ({ type, facts: { close } }) =>
      type === "close_requested" &&
      close?.class === requested.class &&
      close.actions[0]?.id === requested.actions[0]?.id,
  );

const requestOf = (
  { class: type, action }: Closing,
  known: readonly JournalAction[],
): RequestedClose | undefined => {
  if (type === "process_lost" || type === "error") return undefined;
  return { class: type, actions: action === undefined ? [] : chainOf(action, known) };
};

/** How many actions of a chain are named. */
const MAX_ACTIONS = 8;

const chainOf = (
  action: ClosingAction,
  known: readonly JournalAction[],
): readonly ActionFacts[] => {
  const chain: ActionFacts[] = [factsOf(action)];
  let at = action.known;
  while (at !== undefined && chain.length < MAX_ACTIONS) {
    const parentId: unknown = at.start.a[ATTR_ACTION_PARENT_ID];
    at = known.find(({ id }) => id === parentId);
    if (at !== undefined) chain.push(factsOf(actionOf(at)));
  }
  return chain;
};

// What is of another form is withheld where it is put into the log.
const factsOf = ({ id, kind, trigger, span, known }: ClosingAction): ActionFacts =>
  ({
    id,
    kind,
    trigger,
    ...given("operation", known?.operation),
    ...given("signal", known?.signal),
    ...given("initiator", known?.initiator),
    ...given("scopeKind", known?.start.a[ATTR_SCOPE_KIND]),
    ...given("scopeKey", known?.start.a[ATTR_SCOPE_KEY]),
    ...(span && { traceId: span.t, spanId: span.s }),
  }) as ActionFacts;

const given = (name: string, value: unknown) =>
  value === undefined ? undefined : { [name]: value };

const identityOf = (start: SpanStartBody, name: string, lastSign: number): RunIdentity => {
  const { t, s, st, a } = start;
  const text = (of: string, value: unknown) =>
    typeof value === "string" ? { [of]: value } : undefined;
  return safeRunIdentity({
    ...text("id", a[ATTR_RUN_ID]),
    name,
    traceId: t,
    spanId: s,
    ...text("scopeKind", a[ATTR_SCOPE_KIND]),
    ...text("scopeKey", a[ATTR_SCOPE_KEY]),
    startedAt: st[0] * 1000 + st[1] / 1e6,
    endedAt: lastSign,
  });
};
