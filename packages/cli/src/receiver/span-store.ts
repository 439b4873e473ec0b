import { type LifecycleSpan, spanKeyOf } from "../otlp/lifecycle-span.ts";

/** The spans that a receiver keeps: each once, up to a bound. */
export interface SpanStore {
  /** Keeps new spans, and returns how many found no room. */
  readonly add: (spans: readonly LifecycleSpan[]) => number;
  readonly all: () => readonly LifecycleSpan[];
}

export function createSpanStore(maxSpans: number): SpanStore {
  const kept = new Map<string, LifecycleSpan>();
  return {
    add: (spans) => {
      let leftOut = 0;
      for (const span of spans) {
        const key = spanKeyOf(span);
        if (kept.has(key)) continue;
        if (kept.size < maxSpans) kept.set(key, span);
        else leftOut += 1;
      }
      return leftOut;
    },
    all: () => [...kept.values()],
  };
}
