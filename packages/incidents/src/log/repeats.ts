import type { EvidenceFacts } from "@otel-lifecycle/api";
import type { Evidence, SafeFacts } from "../evidence.ts";
import type { GivenFacts } from "../sanitise/given-facts.ts";
import { isOneOf } from "../sanitise/vocabulary.ts";
import type { Kept } from "./retention.ts";

/** Finds the record of which something is a repeat. */
export interface Repeats {
  /** By what is given, before it is sanitised: costs next to nothing, and may miss one. */
  given(type: string, facts: EvidenceFacts | undefined): Kept | undefined;
  /** By what would be kept. */
  same(record: Evidence): Kept | undefined;
  remember(record: Evidence, kept: Kept): void;
  /** For what was given of which nothing was withheld. */
  rememberGiven(type: string, facts: GivenFacts, kept: Kept): void;
  /** What is given in the same words means something else from now on. */
  forgetGiven(): void;
}

interface Given {
  readonly facts: GivenFacts;
  readonly kept: Kept;
}

/** Also of records that were taken out: a repeat of one is not omitted once more. */
const MAX_REMEMBERED = 320;
const MAX_TYPES = 64;
/** So many calls of tools may go on side by side and be found the cheap way. */
const MAX_OF_TYPE = 8;

export const createRepeats = (): Repeats => {
  const given = new Map<string, Given[]>();
  const same = new Map<string, Kept>();
  return {
    given(type, facts) {
      const candidates = given.get(type);
      return candidates === undefined ? undefined : givenAs(facts, candidates);
    },
    same: (record) => same.get(identityOf(record)),
    remember(record, kept) {
      if (same.size >= MAX_REMEMBERED) forgetOneThatIsGone(same);
      same.set(identityOf(record), kept);
    },
    rememberGiven(type, facts, kept) {
      if (facts.facts.error !== undefined || facts.facts.boundary !== undefined) return;
      if (given.size >= MAX_TYPES) given.clear();
      const ofType = given.get(type) ?? [];
      given.set(type, [{ facts, kept }, ...ofType].slice(0, MAX_OF_TYPE));
    },
    forgetGiven: () => given.clear(),
  };
};

/** What was said, whenever and for how long; field by field, because the order of keys says nothing. */
const identityOf = ({ type, attempt, source, facts }: Evidence): string =>
  JSON.stringify([type, attempt, source, FIELDS.map((field) => facts[field])]);

type Telling = Exclude<keyof SafeFacts, "durationMs">;

const TELLING: Readonly<Record<Telling, true>> = {
  tool: true,
  toolCall: true,
  effect: true,
  providerExecuted: true,
  error: true,
  errorKind: true,
  status: true,
  watchdog: true,
  name: true,
  boundary: true,
  end: true,
  close: true,
};

const FIELDS = Object.keys(TELLING).filter(isOneOf(TELLING));

const givenAs = (
  facts: EvidenceFacts | undefined,
  candidates: readonly Given[],
): Kept | undefined => {
  try {
    for (const candidate of candidates) if (isSame(facts, candidate.facts)) return candidate.kept;
  } catch {
    // A getter that throws: the sieve reads field by field.
  }
  return undefined;
};

const NO_FACTS: EvidenceFacts = {};

const isSame = (given: EvidenceFacts = NO_FACTS, other: GivenFacts): boolean =>
  given.toolCallId === other.toolCallId &&
  given.tool === other.facts.tool &&
  given.name === other.facts.name &&
  given.source === other.source &&
  given.attempt === other.attempt &&
  given.effect === other.facts.effect &&
  given.providerExecuted === other.facts.providerExecuted &&
  given.errorKind === other.facts.errorKind &&
  given.status === other.facts.status &&
  given.watchdog === other.facts.watchdog &&
  given.error === undefined &&
  given.tools === undefined;

const forgetOneThatIsGone = (same: Map<string, Kept>): void => {
  for (const [identity, { gone }] of same) {
    if (!gone) continue;
    same.delete(identity);
    return;
  }
};
