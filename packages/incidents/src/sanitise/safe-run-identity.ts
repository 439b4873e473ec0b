import type { RunIdentity } from "../evidence.ts";
import { isKindName, isRunId, isScopeKey, isSpanId, isTraceId } from "./identifiers.ts";
import { REDACTED } from "./name.ts";
import { isTime } from "./numbers.ts";
import { isRunName } from "./run-name.ts";
import { listOf } from "./safe-close.ts";
import { isField } from "./safe-evidence.ts";
import { createSieve, fieldOf, present } from "./sieve.ts";

const MAX_REDACTIONS = 16;

/** Which run it was, sanitised, wherever that comes from. Never throws. */
export const safeRunIdentity = (given: unknown): RunIdentity => {
  const of = (field: string) => fieldOf(given, field);
  const sieve = createSieve();
  const identity = {
    id: sieve.text("id", of("id"), isRunId),
    name: sieve.text("name", of("name") ?? REDACTED, isRunName) ?? REDACTED,
    traceId: sieve.pick("trace_id", of("traceId"), isTraceId),
    spanId: sieve.pick("span_id", of("spanId"), isSpanId),
    scopeKind: sieve.text("scope_kind", of("scopeKind"), isKindName),
    scopeKey: sieve.pick("scope_key", of("scopeKey"), isScopeKey),
    startedAt: sieve.pick("started_at", of("startedAt"), isTime),
    endedAt: sieve.pick("ended_at", of("endedAt"), isTime),
    began: sieve.pick("began", of("began"), isTime),
  };
  for (const field of listOf(of("redactions"), MAX_REDACTIONS)) {
    if (isField(field)) sieve.withhold(field);
  }
  const redactions = sieve.redactions();
  return present<RunIdentity>({
    ...identity,
    redactions: redactions.length === 0 ? undefined : redactions,
  });
};
