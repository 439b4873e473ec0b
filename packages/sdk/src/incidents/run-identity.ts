import { isSpanContextValid } from "@opentelemetry/api";
import { ATTR_SCOPE_KEY } from "@otel-lifecycle/api";
import type { ManagedRun } from "@otel-lifecycle/api/internal";
import { type RunIdentity, safeRunIdentity } from "@otel-lifecycle/incidents";

/**
 * Which run it was, as it is now, and sanitised once it is asked for; when it began is its span's
 * to know.
 */
export const identityOf = (run: ManagedRun): (() => RunIdentity) => {
  const told = toldOf(run);
  return () => safeRunIdentity(told);
};

const toldOf = (run: ManagedRun): RunIdentity => {
  const context = run.span.spanContext();
  const startedAt = startOf(run.span);
  const endedAt = Date.now();
  const scopeKey = run.scope.attributes[ATTR_SCOPE_KEY];
  return {
    ...(run.id === undefined ? undefined : { id: run.id }),
    name: run.name,
    ...(isSpanContextValid(context)
      ? { traceId: context.traceId, spanId: context.spanId }
      : undefined),
    scopeKind: run.scope.kind,
    ...(typeof scopeKey === "string" ? { scopeKey } : undefined),
    ...(startedAt === undefined
      ? undefined
      : { startedAt, began: startedAt - (endedAt - performance.now()) }),
    endedAt,
  };
};

// In ms since the epoch; SDK spans have it, others may not.
const startOf = (span: object): number | undefined => {
  const { startTime } = span as { readonly startTime?: unknown };
  if (!Array.isArray(startTime)) return undefined;
  const [seconds, nanos] = startTime;
  const at = Number(seconds) * 1000 + Number(nanos) / 1e6;
  return Number.isFinite(at) ? at : undefined;
};
