import { type LifecycleSpan, spanKeyOf } from "../otlp/lifecycle-span.ts";
import type { Backend } from "./backend.ts";
import { type Bounds, REQUESTS_AT_ONCE } from "./bounds.ts";
import { eachAtMost } from "./each-at-most.ts";
import type { LeftOut } from "./left-out.ts";

/** The traces that were fetched: each once, and of each its spans with `lifecycle.*` attributes. */
export interface TraceHarvest {
  /** Fetches those that it does not have. Resolves with how many those were. */
  readonly take: (traceIds: readonly string[]) => Promise<number>;
  readonly spans: () => readonly LifecycleSpan[];
}

export interface TraceHarvestOptions {
  readonly bounds: Bounds;
  readonly leftOut: LeftOut;
  /** Called with the number of traces that were fetched, and of those that will have been. */
  readonly onFetched: (done: number, wanted: number) => void;
}

export function createTraceHarvest(
  backend: Backend,
  { bounds, leftOut, onFetched }: TraceHarvestOptions,
): TraceHarvest {
  const asked = new Set<string>();
  const kept = new Map<string, LifecycleSpan>();
  let done = 0;

  async function fetchOne(traceId: string): Promise<void> {
    if (kept.size >= bounds.spans) return leftOut.add("spans");
    if (backend.bytes() >= bounds.bytes) return leftOut.add("bytes");
    const answer = await backend.traceOf(traceId);
    onFetched((done += 1), asked.size);
    if (answer.type !== "trace") return leftOut.add(answer.type);
    if (!answer.isWhole) leftOut.add("partial");
    leftOut.add("rejected", answer.rejected);
    for (const span of answer.spans)
      if (!kept.has(spanKeyOf(span))) kept.set(spanKeyOf(span), span);
  }

  return {
    take: async (traceIds) => {
      const fresh = [...new Set(traceIds)].filter((id) => !asked.has(id));
      const taken = fresh.slice(0, Math.max(0, bounds.traces - asked.size));
      leftOut.add("traces", fresh.length - taken.length);
      for (const id of taken) asked.add(id);
      await eachAtMost(REQUESTS_AT_ONCE, taken, fetchOne);
      return taken.length;
    },
    spans: () => [...kept.values()],
  };
}
