import type { Draft } from "./draft.ts";
import type { ErrorFacts, Evidence, Omitted, RequestedClose, SafeFacts } from "./evidence.ts";
import type { IncidentEvidence } from "./incident/incident-evidence.ts";
import { timesOf } from "./story/moment.ts";
import { naturalOf } from "./story/omitted.ts";

/** What is exported of a run's evidence, after the bound. */
export interface Exported {
  /** In order. */
  readonly evidence: readonly Evidence[];
  readonly omitted: Omitted;
  /** When the run began, in ms on the clock of the evidence. */
  readonly began: number | undefined;
  readonly initiating: Evidence | undefined;
  readonly terminal: Evidence | undefined;
}

/** Each with its place within the run: those that were left out have had theirs. */
export const exportedEvidence = (exported: Exported): readonly IncidentEvidence[] => {
  const left = [...exported.omitted.gaps].sort(
    (a, b) => (a.after ?? Number.NEGATIVE_INFINITY) - (b.after ?? Number.NEGATIVE_INFINITY),
  );
  let place = 0;
  let gap = 0;
  return exported.evidence.map((one) => {
    let omitted = 0;
    for (let at = left[gap]; at !== undefined && isBefore(at.after, one); at = left[gap]) {
      omitted += naturalOf(at.count);
      gap += 1;
    }
    place += omitted + 1;
    return entryOf(one, { place, omitted, exported });
  });
};

const isBefore = (after: number | undefined, { order }: Evidence): boolean =>
  after === undefined || (order !== undefined && order > after);

interface Placed {
  readonly place: number;
  readonly omitted: number;
  readonly exported: Exported;
}

const entryOf = (one: Evidence, { place, omitted, exported }: Placed): IncidentEvidence => {
  const entry: Draft<IncidentEvidence> = { order: place, type: one.type, source: one.source };
  const attempt = naturalOf(one.attempt);
  if (attempt > 0) entry.attempt = attempt;
  const time = secondsBetween(exported.began, one.at);
  if (time !== undefined) entry.time = time;
  const count = timesOf(one);
  if (count > 1) entry.count = count;
  const role = roleOf(one, exported);
  if (role !== undefined) entry.role = role;
  addFacts(entry, one.facts);
  if (omitted > 0) entry.omitted_before = omitted;
  if (one.redactions.length > 0) entry.redactions = one.redactions;
  return entry;
};

const roleOf = (one: Evidence, { initiating, terminal }: Exported): IncidentEvidence["role"] => {
  if (one === initiating) return "initiating";
  return one === terminal ? "terminal" : undefined;
};

const addFacts = (entry: Draft<IncidentEvidence>, facts: SafeFacts): void => {
  if (facts.tool !== undefined) entry.tool = facts.tool;
  if (facts.toolCall !== undefined) entry.tool_call = facts.toolCall;
  if (facts.effect !== undefined) entry.effect = facts.effect;
  if (facts.providerExecuted !== undefined) entry.provider_executed = facts.providerExecuted;
  if (facts.error !== undefined) entry.error = errorIn(facts.error);
  if (facts.close !== undefined) entry.close = closeIn(facts.close);
  if (facts.errorKind !== undefined) entry.error_kind = facts.errorKind;
  if (facts.status !== undefined) entry.status = facts.status;
  if (facts.watchdog !== undefined) entry.watchdog = facts.watchdog;
  if (facts.name !== undefined) entry.name = facts.name;
  const duration = secondsBetween(0, facts.durationMs);
  if (duration !== undefined) entry.duration = duration;
};

// The nearest action alone: what that one is part of stands in the incident's chain.
const closeIn = (close: RequestedClose): NonNullable<IncidentEvidence["close"]> => {
  const [action] = close.actions;
  if (action === undefined) return { class: close.class };
  return { class: close.class, action_id: action.id, action_kind: action.kind };
};

const errorIn = (error: ErrorFacts): NonNullable<IncidentEvidence["error"]> => ({
  proof: error.proof,
  ...(error.name === undefined ? undefined : { name: error.name }),
  ...(error.code === undefined ? undefined : { code: error.code }),
  ...(error.causeName === undefined ? undefined : { cause_name: error.causeName }),
  ...(error.causeCode === undefined ? undefined : { cause_code: error.causeCode }),
});

/** To the microsecond; the clock tells no more. Minus zero is zero. */
const secondsBetween = (from: number | undefined, to: number | undefined): number | undefined => {
  if (from === undefined || to === undefined) return undefined;
  const seconds = Math.round((to - from) * 1000) / 1e6;
  return Number.isFinite(seconds) ? seconds + 0 : undefined;
};
