import { adviceFor } from "./advice/advice-for.ts";
import { decideCause } from "./causes/decide-cause.ts";
import { closingActions } from "./causes/requested-close.ts";
import { affectedKeys, chainOf } from "./chain.ts";
import type { Evidence, RunIdentity, RunRecord } from "./evidence.ts";
import { exportedEvidence } from "./exported-evidence.ts";
import { factsOf } from "./facts/facts-of.ts";
import { type Scene, sceneOf } from "./facts/scene.ts";
import { gapsOf } from "./gaps.ts";
import { exportedRun, incidentId } from "./identity.ts";
import type { IncidentChain } from "./incident/incident-chain.ts";
import type { RunIncident } from "./incident/run-incident.ts";
import { legacyFor } from "./legacy/legacy-for.ts";
import { boundEvidence, MAX_IN_EXPORT } from "./log/bound-evidence.ts";
import { phasesOf } from "./phases/phases-of.ts";
import { type Story, storyOf } from "./story/story.ts";
import { summaryFor } from "./summary/summary-for.ts";
import type { Told } from "./told.ts";

/**
 * The incident of a run, or none if it completed or nothing says that it ended. Pure and total:
 * whatever the evidence, and in whatever order it is given, the same record gives the same
 * incident, and nothing is thrown. It refines the close that the run has and never contradicts it;
 * where no end was recorded, what was requested or broke first stands for one, with low confidence.
 */
export const deriveIncident = (record: RunRecord): RunIncident | undefined =>
  total(() => {
    const story = storyOf(record);
    return story && incidentOf(story, record.run);
  });

/** What an incident says in short. */
export type Judgement = Pick<RunIncident, "cause" | "subcause" | "phases" | "retry">;

/** The part of {@link deriveIncident} that a run's span carries, at a third of what all of it costs. */
export const judge = (record: Omit<RunRecord, "run">): Judgement | undefined =>
  total(() => {
    const story = storyOf(record);
    return story && judgementOf(inScene(story).told);
  });

// A record that is none, with getters that throw for example, is no reason to harm a host.
const total = <T>(step: () => T | undefined): T | undefined => {
  try {
    return step();
  } catch {
    return undefined;
  }
};

const incidentOf = (story: Story, run: RunIdentity): RunIncident => {
  const { end } = story;
  const { scene, chain, told } = inScene(story);
  const { cause, phases, retry, ...judged } = judgementOf(told);
  return {
    schema_version: 1,
    incident_id: incidentId(run),
    run: exportedRun(run),
    result: end.result === "completed" ? "interrupted" : end.result,
    close: closeOf(story),
    cause,
    ...judged,
    phases,
    facts: told.facts,
    retry,
    ...legacyFor(told),
    summary: summaryFor(told),
    chain,
    gaps: told.gaps,
    affected_directory_keys: affectedKeys(run, chain),
    ...evidenceOf(scene, run),
    redactions: redactionsIn(story, run),
  };
};

interface InScene {
  readonly scene: Scene;
  readonly chain: IncidentChain;
  readonly told: Told;
}

const inScene = (story: Story): InScene => {
  const scene = sceneOf(story, decideCause(story));
  const chain = chainOf(story, scene.decided.cause);
  return { scene, chain, told: toldOf(scene, chain) };
};

const judgementOf = (told: Told): Judgement => ({
  cause: told.cause,
  ...(told.subcause === undefined ? undefined : { subcause: told.subcause }),
  phases: told.phases,
  retry: adviceFor(told),
});

const toldOf = (scene: Scene, chain: IncidentChain): Told => {
  const { story, decided } = scene;
  const facts = factsOf(scene);
  const broke = decided.initiating === undefined ? undefined : story.evidence[decided.initiating];
  return {
    end: story.end,
    cause: decided.cause,
    subcause: decided.subcause,
    phases: phasesOf(scene),
    facts,
    error: broke?.facts.error ?? story.evidence[story.endedAt]?.facts.error,
    errorKind: broke?.facts.errorKind,
    action: closingActions(story)[0],
    gaps: gapsOf(scene, facts, chain),
  };
};

const closeOf = ({ end }: Story): RunIncident["close"] => ({
  class: end.class,
  confidence: end.confidence,
  via: end.via,
  ...(end.missing === undefined ? undefined : { missing: end.missing }),
});

const evidenceOf = (
  { story, decided, moment }: Scene,
  { began }: RunIdentity,
): Pick<RunIncident, "evidence" | "omitted"> => {
  const initiating = story.evidence[decided.initiating ?? -1];
  const observed = story.evidence[moment.index];
  const ended = story.evidence[story.endedAt];
  const decisive = [initiating, observed, ended]
    .filter((one) => one !== undefined)
    .filter((one, index, all) => all.indexOf(one) === index);
  const bounded = boundEvidence({
    evidence: story.evidence,
    omitted: story.omitted,
    decisive,
    limit: MAX_IN_EXPORT,
  });
  const terminal = ended ?? observed;
  return {
    evidence: exportedEvidence({
      evidence: bounded.evidence,
      omitted: bounded.omitted,
      began,
      initiating,
      terminal,
    }),
    omitted: { total: bounded.omitted.total, by_type: bounded.omitted.byType },
  };
};

const isWhole = ({ redactions }: Evidence): boolean => redactions.length === 0;

const redactionsIn = ({ evidence }: Story, run: RunIdentity): readonly string[] => {
  if (run.redactions === undefined && evidence.every(isWhole)) return [];
  const paths = new Set<string>();
  for (const field of run.redactions ?? []) paths.add(`run.${field}`);
  for (const one of evidence) for (const field of one.redactions) paths.add(`evidence.${field}`);
  return [...paths].sort();
};
