import type { Draft } from "./draft.ts";
import type { RunIdentity } from "./evidence.ts";
import type { RunIncident } from "./incident/run-incident.ts";

/** The same for the same run, wherever its incident is derived. */
export const incidentId = ({ id, traceId, spanId }: RunIdentity): string => {
  if (traceId !== undefined && spanId !== undefined) return `incident:${traceId}:${spanId}`;
  return `incident:${id ?? "unknown"}`;
};

export const exportedRun = (run: RunIdentity): RunIncident["run"] => {
  const exported: Draft<RunIncident["run"]> = { name: run.name };
  if (run.id !== undefined) exported.id = run.id;
  if (run.traceId !== undefined) exported.trace_id = run.traceId;
  if (run.spanId !== undefined) exported.span_id = run.spanId;
  if (run.scopeKind !== undefined) exported.scope_kind = run.scopeKind;
  if (run.scopeKey !== undefined) exported.scope_key = run.scopeKey;
  const startedAt = timestamp(run.startedAt);
  if (startedAt !== undefined) exported.started_at = startedAt;
  const endedAt = timestamp(run.endedAt);
  if (endedAt !== undefined) exported.ended_at = endedAt;
  return exported;
};

// RFC 3339 has years of four digits.
const timestamp = (ms: number | undefined): string | undefined =>
  ms !== undefined && ms >= YEAR_0 && ms < YEAR_10000 ? new Date(ms).toISOString() : undefined;

const YEAR_0 = Date.parse("0000-01-01T00:00:00Z");
const YEAR_10000 = Date.parse("+010000-01-01T00:00:00Z");
