import type { Evidence } from "../evidence.ts";
import { type Traits, traitsOf } from "./traits.ts";

/** What a bound is put on. */
export interface Ranked {
  /** In order. */
  readonly evidence: readonly Evidence[];
  /** What is known to decide. Default: what may decide, as long as the run goes on. */
  readonly decisive?: readonly Evidence[];
  readonly limit: number;
}

/**
 * What stays where not everything can: the rank of each piece, the most important lowest.
 *
 * 0. what decides: the first `close_requested` that says who asked, the first failure of the last
 *    attempt, the newest terminal anchor, how the run ended, and the last `side_effect_boundary`;
 * 1. the newest terminal and the newest clean-up anchors, an eighth of the room each;
 * 2. the first of each known type, in the run and, of what its stream did, in its last attempt;
 * 3. executions of tools that have begun and not ended;
 * 4. the first of each type of the application's own;
 * 5. the rest.
 *
 * Within a rank the newest stays, of the application's own firsts the earliest.
 */
export const ranksOf = ({ evidence, decisive, limit }: Ranked): readonly number[] => {
  const traits = evidence.map(({ type }) => traitsOf(type));
  const ranks = evidence.map(() => REST);
  const attempt = lastAttemptOf(evidence);
  rankFirsts(ranks, { evidence, traits, attempt });
  rankRunning(ranks, evidence);
  rankAnchors(ranks, traits, Math.max(1, Math.floor(limit / 8)));
  const deciding = decisive?.map((one) => evidence.indexOf(one));
  for (const index of deciding ?? mayDecide({ evidence, traits, attempt })) {
    if (index >= 0) ranks[index] = DECIDES;
  }
  const boundary = evidence.findLastIndex(({ type }) => type === "side_effect_boundary");
  if (boundary >= 0) ranks[boundary] = DECIDES;
  return ranks;
};

/** Compares two pieces by their places: what is to stay comes first. */
export const byRank =
  (ranks: readonly number[]) =>
  (a: number, b: number): number =>
    (ranks[a] ?? REST) - (ranks[b] ?? REST) || (ranks[a] === OWN_FIRST ? a - b : b - a);

const DECIDES = 0;
const ANCHOR = 1;
const FIRST = 2;
const RUNNING = 3;
const OWN_FIRST = 4;
const REST = 5;

interface Looked {
  readonly evidence: readonly Evidence[];
  readonly traits: readonly Traits[];
  readonly attempt: number;
}

// Loops over bits, because this runs for every distinct piece beyond the bound while a run goes on.
const rankFirsts = (ranks: number[], { evidence, traits, attempt }: Looked): void => {
  let seen = 0;
  let seenInAttempt = 0;
  let own: Set<string> | undefined;
  evidence.forEach((one, index) => {
    const { bit, isOfAttempt } = traits[index] ?? traitsOf(one.type);
    if (bit === 0) {
      own ??= new Set();
      if (!own.has(one.type)) ranks[index] = OWN_FIRST;
      own.add(one.type);
      return;
    }
    const isOfLast = isOfAttempt && one.attempt === attempt;
    if ((seen & bit) === 0 || (isOfLast && (seenInAttempt & bit) === 0)) ranks[index] = FIRST;
    seen |= bit;
    if (isOfLast) seenInAttempt |= bit;
  });
};

const rankAnchors = (ranks: number[], traits: readonly Traits[], quota: number): void => {
  let terminals = quota;
  let cleanUp = quota;
  for (let index = traits.length - 1; index >= 0 && terminals + cleanUp > 0; index -= 1) {
    if (traits[index]?.isTerminal && terminals > 0) {
      terminals -= 1;
      ranks[index] = ANCHOR;
    } else if (traits[index]?.isCleanUp && cleanUp > 0) {
      cleanUp -= 1;
      ranks[index] = ANCHOR;
    }
  }
};

/** Starts of executions that were begun more often than they ended. */
const rankRunning = (ranks: number[], evidence: readonly Evidence[]): void => {
  const ended = new Map<string | number | undefined, number>();
  for (const one of evidence) {
    if (one.type !== "tool_execution_completed" && one.type !== "tool_execution_failed") continue;
    ended.set(callOf(one), (ended.get(callOf(one)) ?? 0) + one.count);
  }
  evidence.forEach((one, index) => {
    if (one.type !== "tool_execution_started" || ranks[index] !== REST) return;
    if (one.count > (ended.get(callOf(one)) ?? 0)) ranks[index] = RUNNING;
  });
};

/** The call by its number, or else by its tool's name. */
const callOf = ({ facts }: Evidence): string | number | undefined => facts.toolCall ?? facts.tool;

const mayDecide = ({ evidence, traits, attempt }: Looked): readonly number[] => [
  initiatingIn(evidence),
  evidence.findIndex((one, index) => one.attempt === attempt && traits[index]?.isFailure === true),
  traits.findLastIndex(({ isTerminal }) => isTerminal),
  evidence.findLastIndex(({ type }) => type === "run_ended"),
];

/** The first that says who asked; an application may say the word, and not who. */
const initiatingIn = (evidence: readonly Evidence[]): number => {
  const asked = evidence.findIndex(
    ({ type, facts }) => type === "close_requested" && facts.close !== undefined,
  );
  return asked === -1 ? evidence.findIndex(({ type }) => type === "close_requested") : asked;
};

const lastAttemptOf = (evidence: readonly Evidence[]): number => {
  const started = evidence.findLast(({ type }) => type === "attempt_started");
  return started?.attempt ?? evidence.reduce((most, { attempt }) => Math.max(most, attempt), 0);
};
