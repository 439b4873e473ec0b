import type { CloseClass, RunResult } from "@otel-lifecycle/api";
import {
  type ActionFacts,
  deriveIncident,
  type Evidence,
  NOTHING_OMITTED,
  type Omitted,
  type RunIdentity,
  type RunIncident,
  type SafeFacts,
} from "@otel-lifecycle/incidents";

/** A piece of evidence as a test names it: its type, or that with what it says. */
export type Told = string | ToldEvidence;

interface ToldEvidence extends SafeFacts, Partial<Omit<Evidence, "type" | "facts">> {
  readonly type: string;
}

/** Evidence one after the other: orders from 1, 10 ms apart; an attempt is the last one started. */
export const inTurn = (tellings: readonly Told[]): readonly Evidence[] => {
  let attempt = 0;
  return tellings.map((told, index) => {
    const { type, ...said } = typeof told === "string" ? { type: told } : told;
    if (type === "attempt_started") attempt += 1;
    const { order, at, lastAt, count, source, attempt: own, redactions, ...facts } = said;
    return {
      type,
      order: "order" in said ? order : index + 1,
      at: "at" in said ? at : (index + 1) * 10,
      ...(lastAt === undefined ? {} : { lastAt }),
      count: count ?? 1,
      source: source ?? "test",
      attempt: own ?? attempt,
      facts,
      redactions: redactions ?? [],
    } as Evidence;
  });
};

/** The end as the registry decided it. */
export const ended = (closeClass: CloseClass, facts: SafeFacts = {}): Told => ({
  type: "run_ended",
  end: { result: RESULTS[closeClass], class: closeClass, confidence: "high", via: "registry" },
  ...facts,
});

const RESULTS: Readonly<Record<CloseClass, RunResult>> = {
  lifecycle_action: "interrupted",
  user_cancel: "interrupted",
  client_disconnect: "interrupted",
  timeout: "failed",
  upstream_disconnect: "failed",
  error: "failed",
  unknown_scope_close: "interrupted",
  process_lost: "lost",
};

/** An action that asks, and those around it. */
export const byAction = (kind: string, more: Partial<ActionFacts> = {}): SafeFacts => ({
  close: {
    class: "lifecycle_action",
    actions: [{ id: `${kind}-1`, kind, trigger: "http", ...more }],
  },
});

/** A close that names no action. */
export const by = (closeClass: Exclude<CloseClass, "error" | "process_lost">): SafeFacts => ({
  close: { class: closeClass, actions: [] },
});

export const requested = (close: SafeFacts): Told => ({ type: "close_requested", ...close });
export const propagated = (close: SafeFacts): Told => ({ type: "close_propagated", ...close });

export interface Around {
  readonly run?: Partial<RunIdentity>;
  readonly omitted?: Partial<Omitted>;
}

/** The incident of a run of which this was told. */
export const incidentOf = (
  tellings: readonly Told[],
  { run, omitted }: Around = {},
): RunIncident | undefined =>
  deriveIncident({
    run: { name: "agent run", ...run },
    evidence: inTurn(tellings),
    omitted: { ...NOTHING_OMITTED, ...omitted },
  });

/** Cause and subcause, as `cause` or `cause.subcause`. */
export const causeOf = (tellings: readonly Told[], around?: Around): string | undefined => {
  const incident = incidentOf(tellings, around);
  if (incident === undefined) return undefined;
  const { cause, subcause } = incident;
  return subcause === undefined ? cause : `${cause}.${subcause}`;
};
