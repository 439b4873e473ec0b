import { type Attributes, type Span, TraceFlags } from "@opentelemetry/api";
import type { ManagedAction } from "../actions/managed-action.ts";
import { ATTR_SAMPLING_RESCUED } from "../attributes.ts";
import { registry } from "../registry.ts";
import { stamp, stampMissing } from "../stamp.ts";
import type { ManagedRun } from "./managed-run.ts";

/**
 * What our sampler gives a span that it records although the one inside it dropped it. Such a span
 * is exported only once this has been overwritten, so nobody ever sees the `false`; a span that
 * the inner sampler itself records and does not sample has none, and stays as it decided.
 */
export const TURNED: Readonly<Attributes> = Object.freeze({ [ATTR_SAMPLING_RESCUED]: false });

/** For a span of our own that has just started: a limit may have refused what the sampler gave. */
export const keepTurned = (span: Span): void => {
  if (!registry.hasTurned) return;
  registry.hasTurned = false;
  stampMissing(span, TURNED);
};

/** Has a run that did not complete exported, although the head sampler dropped it. */
export const rescueRun = ({ span }: ManagedRun): void => {
  if (!rescue(span)) return;
  // Whoever ends it may be doing that now, or may do it later.
  const { end } = span;
  span.end = (...time) => {
    sampleForNow(span);
    end.apply(span, time);
  };
};

/**
 * The same for an action that interrupted a run, failed, or gave up waiting for runs that it had
 * asked. One that is unsettled for its own code alone closed nothing that anybody would look for,
 * and a process that is shut down while idle has one of those each time.
 */
export const rescueAction = ({ span, tally, cover, failure }: ManagedAction): void => {
  const waited = cover.asks && tally.pending > 0;
  if (tally.interrupted > 0 || failure !== undefined || waited) rescue(span);
};

const rescue = (span: Span): boolean => {
  const { attributes } = span as { readonly attributes?: Attributes };
  if (attributes?.[ATTR_SAMPLING_RESCUED] !== false) return false;
  stamp(span, { [ATTR_SAMPLING_RESCUED]: true });
  sampleForNow(span);
  return true;
};

// Processors that export look at the flag when the span ends. What begins below it afterwards, and
// requests that leave from there, must not find it: they would be sampled, and nothing above them is.
const sampleForNow = (span: Span): void => {
  const context = span.spanContext();
  context.traceFlags |= TraceFlags.SAMPLED;
  queueMicrotask(() => {
    context.traceFlags &= ~TraceFlags.SAMPLED;
  });
};
