import type { Evidence, SafeFacts } from "../evidence.ts";
import { boundaryThrough } from "./boundary.ts";
import { safeErrorThrough } from "./error-facts.ts";
import { isKindName } from "./identifiers.ts";
import { isName } from "./name.ts";
import { isAttempt, isCount, isDuration, isStatus, isTime, isTrueOrFalse } from "./numbers.ts";
import { closeThrough, endThrough, listOf } from "./safe-close.ts";
import { createSieve, fieldOf, present, type Sieve } from "./sieve.ts";
import { isOneOf, TOOL_EFFECTS, WATCHDOGS } from "./vocabulary.ts";

/**
 * A piece of evidence that comes from outside, a journal or a file, sanitised like one that was
 * recorded here; nothing if it is no object with a type. Never throws.
 */
export const safeEvidence = (given: unknown): Evidence | undefined => {
  const of = (field: string) => fieldOf(given, field);
  const sieve = createSieve();
  const type = sieve.text("type", of("type"), isKindName);
  if (type === undefined) return undefined;
  const facts = factsThrough(sieve, of("facts"));
  const evidence = {
    type,
    order: sieve.pick("order", of("order"), isCount),
    at: sieve.pick("time", of("at"), isTime),
    lastAt: sieve.pick("time", of("lastAt"), isTime),
    count: Math.max(1, sieve.pick("count", of("count"), isCount) ?? 1),
    source: sieve.text("source", of("source"), isName) ?? "application",
    attempt: of("attempt") === 0 ? 0 : (sieve.pick("attempt", of("attempt"), isAttempt) ?? 0),
    facts,
  };
  for (const field of listOf(of("redactions"), MAX_REDACTIONS)) {
    if (isField(field)) sieve.withhold(field);
  }
  return present<Evidence>({ ...evidence, redactions: sieve.redactions() });
};

const MAX_REDACTIONS = 32;

/** The names of what the sieves of this folder withhold. */
export const isField = (value: unknown): value is string =>
  isName(value) && /^[a-z]+(?:[_.][a-z]+)*$/.test(value);

const factsThrough = (sieve: Sieve, given: unknown): SafeFacts => {
  const of = (field: string) => fieldOf(given, field);
  const boundary = of("boundary");
  return present<SafeFacts>({
    tool: sieve.text("tool", of("tool"), isName),
    toolCall: sieve.pick("tool_call", of("toolCall"), isCount),
    effect: sieve.pick("effect", of("effect"), isOneOf(TOOL_EFFECTS)),
    providerExecuted: sieve.pick("provider_executed", of("providerExecuted"), isTrueOrFalse),
    error: safeErrorThrough(sieve, of("error")),
    errorKind: sieve.text("error_kind", of("errorKind"), isName),
    status: sieve.pick("status", of("status"), isStatus),
    watchdog: sieve.pick("watchdog", of("watchdog"), isOneOf(WATCHDOGS)),
    name: sieve.text("name", of("name"), isName),
    durationMs: sieve.pick("duration", of("durationMs"), isDuration),
    boundary: boundaryThrough(sieve, fieldOf(boundary, "tools"), fieldOf(boundary, "exposed")),
    end: endThrough(sieve, of("end")),
    close: closeThrough(sieve, of("close")),
  });
};
