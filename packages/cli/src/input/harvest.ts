import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { parseRequest } from "../otlp/request.ts";
import { beginsIncident, isOfDocument } from "./incident-line.ts";
import { type Sifted, siftObjects } from "./sifting.ts";

const INCIDENTS = "it holds incidents, which `why-closed incidents` prints";

/** What one input gave. */
export interface Harvest extends Sifted {
  readonly spans: readonly LifecycleSpan[];
  /** How many spans with `lifecycle.*` attributes had no valid ids. */
  readonly rejected: number;
}

/** Reads OTLP JSON off a byte stream, holding one request at a time and the spans to keep. */
export async function readHarvest(bytes: AsyncIterable<Uint8Array>): Promise<Harvest> {
  const spans: LifecycleSpan[] = [];
  let rejected = 0;
  const sifted = await siftObjects(bytes, (text) => {
    const request = parseRequest(text);
    if (request.type === "not_otlp")
      return beginsIncident(text) || isOfDocument(text) ? INCIDENTS : request.reason;
    if (request.type === "other_signal") return undefined;
    // Not push(...spans): a request may hold more spans than a call may have arguments.
    for (const span of request.spans) spans.push(span);
    rejected += request.rejected;
    return undefined;
  });
  return { ...sifted, spans, rejected };
}
