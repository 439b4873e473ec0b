import type { SafeFacts } from "../evidence.ts";
import { boundaryThrough } from "./boundary.ts";
import { copyOf } from "./copy-of.ts";
import { errorThrough } from "./error-facts.ts";
import { isToolCallId } from "./identifiers.ts";
import { isName } from "./name.ts";
import { isAttempt, isDuration, isStatus, isTrueOrFalse } from "./numbers.ts";
import { createSieve, fieldOf, present, type Sieve } from "./sieve.ts";
import { isOneOf, TOOL_EFFECTS, WATCHDOGS } from "./vocabulary.ts";

/** What an application gave, after the sieve. */
export interface GivenFacts {
  readonly attempt: number | undefined;
  readonly source: string | undefined;
  /** The raw id: a key in memory, which goes nowhere else. */
  readonly toolCallId: string | undefined;
  readonly facts: SafeFacts;
  readonly redactions: readonly string[];
}

const FIELDS: Readonly<Record<string, true>> = {
  attempt: true,
  source: true,
  tool: true,
  toolCallId: true,
  effect: true,
  providerExecuted: true,
  error: true,
  errorKind: true,
  status: true,
  watchdog: true,
  name: true,
  durationMs: true,
  tools: true,
};

/** Reduces what an application gave to what may leave the process. Never throws. */
export const givenFacts = (given: unknown): GivenFacts => {
  if (given === undefined || given === null) return NOTHING_GIVEN;
  const sieve = createSieve();
  const of = (field: string) => fieldOf(given, field);
  const error = of("error");
  const facts = present<SafeFacts>({
    tool: sieve.text("tool", of("tool"), isName),
    effect: sieve.pick("effect", of("effect"), isOneOf(TOOL_EFFECTS)),
    providerExecuted: sieve.pick("provider_executed", of("providerExecuted"), isTrueOrFalse),
    error: error === undefined ? undefined : errorThrough(sieve, error),
    errorKind: sieve.text("error_kind", of("errorKind"), isName),
    status: sieve.pick("status", of("status"), isStatus),
    watchdog: sieve.pick("watchdog", of("watchdog"), isOneOf(WATCHDOGS)),
    name: sieve.text("name", of("name"), isName),
    durationMs: sieve.pick("duration", of("durationMs"), isDuration),
    boundary: boundaryThrough(sieve, of("tools")),
  });
  const attempt = sieve.pick("attempt", of("attempt"), isAttempt);
  const source = sieve.text("source", of("source"), isName);
  const toolCallId = idThrough(sieve, of("toolCallId"));
  if (hasMore(given)) sieve.withhold("other");
  return { attempt, source, toolCallId, facts, redactions: sieve.redactions() };
};

const idThrough = (sieve: Sieve, id: unknown): string | undefined => {
  const allowed = sieve.pick("tool_call", id, isToolCallId);
  return allowed === undefined ? undefined : copyOf(allowed);
};

const NOTHING_GIVEN: GivenFacts = {
  attempt: undefined,
  source: undefined,
  toolCallId: undefined,
  facts: {},
  redactions: [],
};

/** Whether a field was given that nobody knows. Its name may be as private as its value. */
const hasMore = (given: unknown): boolean => {
  if (typeof given !== "object") return true;
  try {
    for (const field in given) if (!Object.hasOwn(FIELDS, field)) return true;
  } catch {
    return true;
  }
  return false;
};
