import {
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import type { EvidenceRecorder } from "@otel-lifecycle/api/internal";
import type { RunIncident } from "@otel-lifecycle/incidents";
import type { Outlets } from "./outlets.ts";

/**
 * Hands incidents of runs of dead processes to the outlets: who recovers goes on when they are out, so
 * that no more than a batch of them waits.
 */
export const intoOutlets =
  (outlets: Outlets): NonNullable<EvidenceRecorder["recovered"]> =>
  async (incidents) => {
    // Derived by ourselves, from what a journal holds.
    for (const incident of incidents as readonly RunIncident[]) {
      // One of many, because no events of its evidence are of now.
      outlets.sink({ incident, context: contextOf(incident), isOneOfMany: true });
    }
    await outlets.flush();
  };

const contextOf = ({ run }: RunIncident): Context => {
  const { trace_id: traceId = "", span_id: spanId = "" } = run;
  const spanContext = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(spanContext)
    ? trace.setSpanContext(ROOT_CONTEXT, spanContext)
    : ROOT_CONTEXT;
};
