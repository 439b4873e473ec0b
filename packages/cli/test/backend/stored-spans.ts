import type { Backend, Search, TimeWindow } from "../../src/backend/backend.ts";
import type { LifecycleSpan } from "../../src/index.ts";

/** A backend whose traces are a list, and which answers as real ones do: a page at a time. */
export interface StoredSpans {
  readonly backend: Backend;
  /** Each request that it had. */
  readonly requests: readonly string[];
}

export interface StoredSpansOptions {
  readonly spans: readonly LifecycleSpan[];
  readonly tracesPerPage: number;
  readonly searchesAllServices: boolean;
  readonly shortestWindowMs: number;
}

export function storedSpans(options: StoredSpansOptions): StoredSpans {
  const { spans, tracesPerPage, searchesAllServices, shortestWindowMs } = options;
  const requests: string[] = [];

  function matches(span: LifecycleSpan, search: Search, { fromMs, toMs }: TimeWindow): boolean {
    const startMs = Number(span.startTimeUnixNano / 1_000_000n);
    return (
      span.attributes.get(search.attribute) === search.value &&
      (search.service === undefined || search.service === span.service) &&
      startMs >= fromMs &&
      startMs <= toMs
    );
  }

  const backend: Backend = {
    name: "Jaeger",
    error: (message) => new Error(message),
    searchesAllServices,
    shortestWindowMs,
    find: async (search, window) => {
      requests.push(`find ${JSON.stringify([search, window])}`);
      const found = spans.filter((span) => matches(span, search, window));
      const traceIds = [...new Set(found.map(({ traceId }) => traceId))].slice(0, tracesPerPage);
      return { traceIds, isWhole: traceIds.length < tracesPerPage };
    },
    traceOf: async (traceId) => {
      requests.push(`trace ${traceId}`);
      const trace = spans.filter((span) => span.traceId === traceId);
      if (trace.length === 0) return { type: "absent" };
      return { type: "trace", spans: trace, rejected: 0, isWhole: true };
    },
    services: async () => [...new Set(spans.flatMap(({ service }) => service ?? []))],
    bytes: () => 0,
  };
  return { backend, requests };
}

/** A span of a trace, which begins this many milliseconds after the epoch. */
export function storedSpan(
  place: { readonly trace: number; readonly span: number; readonly atMs: number },
  service: string,
  attributes: Readonly<Record<string, string | number>>,
): LifecycleSpan {
  return {
    traceId: traceIdOf(place.trace),
    spanId: place.span.toString(16).padStart(16, "0"),
    name: "span",
    service,
    startTimeUnixNano: BigInt(place.atMs) * 1_000_000n,
    endTimeUnixNano: BigInt(place.atMs + 1) * 1_000_000n,
    attributes: new Map(Object.entries(attributes)),
  };
}

export function traceIdOf(trace: number): string {
  return (trace + 1).toString(16).padStart(32, "0");
}
