import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";

/** From the first to the last moment at which a span that is looked for may have begun, ms since the epoch. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Spans that have an attribute with exactly this value. */
export interface Search {
  readonly attribute: string;
  readonly value: string;
  /** The `service.name` of their resource; undefined for any, where a backend can do that. */
  readonly service: string | undefined;
}

/** The traces in which a backend found such spans, as one answer holds them. */
export interface Page {
  /** 32 lower-case hex digits each. */
  readonly traceIds: readonly string[];
  /** Whether these are all: false where the answer's limit was reached. */
  readonly isWhole: boolean;
}

/** What a backend gave for a trace id. */
export type TraceAnswer =
  | {
      readonly type: "trace";
      readonly spans: readonly LifecycleSpan[];
      /** How many spans with `lifecycle.*` attributes had no valid ids. */
      readonly rejected: number;
      /** False where the backend says that it left some of the trace out. */
      readonly isWhole: boolean;
    }
  | { readonly type: "absent" }
  /** Larger than what is read of one answer. */
  | { readonly type: "too_large" };

/** A store of traces that can be searched. Its functions throw InputError when it cannot be asked. */
export interface Backend {
  readonly name: "Jaeger" | "Tempo";
  /** A message about it, as an error: without secrets. */
  readonly error: (message: string) => Error;
  /** Whether a search may leave the service open. */
  readonly searchesAllServices: boolean;
  /** The shortest window that it tells apart. */
  readonly shortestWindowMs: number;
  readonly find: (search: Search, window: TimeWindow) => Promise<Page>;
  readonly traceOf: (traceId: string) => Promise<TraceAnswer>;
  /** The services that it knows in the window of the question; undefined if it cannot tell. */
  readonly services: () => Promise<readonly string[] | undefined>;
  /** How many bytes its answers have had so far. */
  readonly bytes: () => number;
}
