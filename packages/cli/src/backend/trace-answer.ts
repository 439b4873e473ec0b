import type { JsonObject } from "../otlp/json-field.ts";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { parseDecoded } from "../otlp/request.ts";
import type { TraceAnswer } from "./backend.ts";

/** One trace out of the OTLP that it came in; undefined if one of the pieces is none. */
export function traceAnswerOf(
  traceId: string,
  pieces: readonly JsonObject[],
  { isWhole }: { readonly isWhole: boolean },
): TraceAnswer | undefined {
  const spans: LifecycleSpan[] = [];
  let rejected = 0;
  for (const piece of pieces) {
    const request = parseDecoded(piece);
    if (request.type !== "traces") return undefined;
    // What another trace's id stands on was not asked for, and would be followed.
    for (const span of request.spans) if (span.traceId === traceId) spans.push(span);
    rejected += request.rejected;
  }
  return { type: "trace", spans, rejected, isWhole };
}

/** A trace id as backends write it: hex, often without leading zeros; undefined if it is none. */
export function traceIdOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^[0-9a-f]{1,32}$/i.test(value)) return undefined;
  const id = value.toLowerCase().padStart(32, "0");
  return /[^0]/.test(id) ? id : undefined;
}
