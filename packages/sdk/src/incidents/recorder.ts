import type { EvidenceRecorder, ManagedRun } from "@otel-lifecycle/api/internal";
import { getSpanState, journalled, registry } from "@otel-lifecycle/api/internal";
import {
  createEvidenceLog,
  deriveIncident,
  type EvidenceLog,
  judge,
  NOTHING_OMITTED,
  type RunRecord,
} from "@otel-lifecycle/incidents";
import type { Deferral } from "./deferral.ts";
import { incidentAttributes } from "./incident-attributes.ts";
import { addFact, evidenceAlone, factsAtEnd } from "./lifecycle-evidence.ts";
import { requestedBy } from "./requested-close.ts";
import type { RunEnd } from "./run-end.ts";
import { identityOf } from "./run-identity.ts";
import { toldAround } from "./told-around.ts";

/** Keeps the evidence of the runs that `counts`, and has an incident told of each that broke off. */
export const createRecorder = (
  counts: (run: ManagedRun) => boolean,
  incidents: Deferral,
  recovered: NonNullable<EvidenceRecorder["recovered"]>,
): EvidenceRecorder => ({
  noted: (run, type, facts) => {
    const holder = run.origin === "adopted" ? holderOf(run) : run;
    if (holder.notes === undefined && !counts(holder)) return;
    logOf(holder).note(type, facts);
    if (holder.parent === undefined) return;
    const told = toldAround(holder, type, facts);
    if (told === undefined) return;
    for (const outer of runsAround(holder)) if (counts(outer)) logOf(outer).note(type, told);
  },
  initiated: (run, cause) => {
    if (counts(run)) addFact(logOf(run), requestedBy(cause));
  },
  ended: (run, { thrown, covers }) => {
    const { close } = run;
    if (close === undefined || close.type === "completed") return undefined;
    if (!counts(run) || isInside(run)) return undefined;
    const record = recordOf({ run, close, thrown, covers });
    const judgement = judge(record);
    if (judgement === undefined) return undefined;
    if (incidents.isWanted()) {
      const identity = identityOf(run);
      incidents.add({ run, tell: () => deriveIncident({ run: identity(), ...record }) });
    }
    return incidentAttributes(judgement);
  },
  recovered,
});

// A run of which nobody said anything has no log, and a mass close makes none.
const recordOf = (end: RunEnd): Omit<RunRecord, "run"> => {
  const { run } = end;
  if (run.notes === undefined) {
    return { evidence: factsAtEnd(end, []).map(evidenceAlone), omitted: NOTHING_OMITTED };
  }
  const log = logOf(run);
  for (const fact of factsAtEnd(end, log.evidence())) addFact(log, fact);
  return { evidence: log.evidence(), omitted: log.omitted() };
};

const logOf = (run: ManagedRun): EvidenceLog => {
  run.notes ??= createEvidenceLog(CLOCK, (evidence) => {
    if (registry.journal !== undefined) journalled((journal) => journal.noted(run, evidence));
  });
  // Nobody else keeps anything there.
  return run.notes as EvidenceLog;
};

const CLOCK = {
  order: () => ++registry.sequence,
  now: () => performance.now(),
};

// Runs that share a span are one piece of work, whose incident is the outer one's.
const holderOf = (run: ManagedRun): ManagedRun => {
  const state = getSpanState(run.span);
  return state?.type === "run" && state.close === undefined ? state : run;
};

// Each once, though runs may share a span and so their notes.
const runsAround = (run: ManagedRun): ReadonlySet<ManagedRun> => {
  const around = new Set<ManagedRun>();
  for (let at = run.parent; at !== undefined; at = at.parent) {
    const holder = at.origin === "adopted" ? holderOf(at) : at;
    if (holder !== run && holder.close === undefined) around.add(holder);
  }
  return around;
};

const isInside = (run: ManagedRun): boolean => {
  const state = run.origin === "adopted" ? getSpanState(run.span) : undefined;
  return state?.type === "run" && state !== run;
};
