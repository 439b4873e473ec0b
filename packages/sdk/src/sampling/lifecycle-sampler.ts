import {
  type Attributes,
  type Context,
  isSpanContextValid,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { ATTR_INTERRUPT_RESULT, ATTR_SAMPLING_RESCUED, LifecycleError } from "@otel-lifecycle/api";
import { describe, registry, reportFailure, TURNED } from "@otel-lifecycle/api/internal";
import type { Sampler, SamplingResult } from "./sampler-types.ts";

/**
 * A sampler that keeps what did not complete. It decides as `inner` does, but where that drops a
 * local root (a span without a parent, or with a remote one), a run or an action, it has the span
 * recorded. A run that is then interrupted, fails or is lost, and an action that interrupted a
 * run, failed, or gave up waiting for one, are exported after all, with
 * `lifecycle.sampling.rescued`. Completed ones stay dropped, and so do the spans below.
 *
 * What it costs: every local root, run and action is a recorded span, with its attributes, events
 * and span processors, about 2 µs and 1 kB while it is open, however low the ratio is. And rates
 * taken from exported spans are biased: of what failed all is there, of what completed the ratio.
 * Take them from the metrics, or leave spans with `lifecycle.sampling.rescued` out.
 *
 * @throws LifecycleError `invalid_option` if `inner` is no sampler.
 */
export const lifecycleSampler = (inner: Sampler): Sampler => {
  if (typeof Object(inner).shouldSample !== "function") {
    throw new LifecycleError(
      "invalid_option",
      `lifecycleSampler: expected a sampler, an object with shouldSample(), such as new ParentBasedSampler({ root }), given ${describe(inner)}`,
    );
  }
  return {
    shouldSample: (context, traceId, name, kind, attributes, links) => {
      // Not guarded: what the inner sampler throws it throws without us too.
      const seen = asItWasSampled(context);
      const result = inner.shouldSample(seen, traceId, name, kind, attributes, links);
      try {
        return isKept(result, context, attributes) ? turned(result) : result;
      } catch (error) {
        reportFailure("sampler", error);
        return result;
      }
    },
    toString: () => `LifecycleSampler{${inner}}`,
  };
};

const NOT_RECORD = 0;
const RECORD = 1;

// A rescued span carries the flag from its end until it is exported; what begins below it in
// between is decided as what began before.
const asItWasSampled = (context: Context): Context => {
  const span = trace.getSpan(context);
  const parent = span?.spanContext();
  if (parent === undefined || (parent.traceFlags & TraceFlags.SAMPLED) === 0) return context;
  const { attributes } = span as { readonly attributes?: Attributes };
  if (attributes?.[ATTR_SAMPLING_RESCUED] !== true) return context;
  const traceFlags = parent.traceFlags & ~TraceFlags.SAMPLED;
  return trace.setSpanContext(context, { ...parent, traceFlags });
};

const isKept = (result: SamplingResult, context: Context, attributes: Attributes): boolean => {
  if (result.decision !== NOT_RECORD) return false;
  if (registry.startingSpanOf === undefined) return isLocalRoot(context);
  // One for each run that an action closes, and a child of the action: dropped, like all below.
  if (ATTR_INTERRUPT_RESULT in attributes) return false;
  registry.hasTurned = true;
  return true;
};

const isLocalRoot = (context: Context): boolean => {
  const parent = trace.getSpanContext(context);
  return parent === undefined || parent.isRemote === true || !isSpanContextValid(parent);
};

const turned = ({ attributes, traceState }: SamplingResult): SamplingResult => ({
  decision: RECORD,
  attributes: attributes === undefined ? TURNED : { ...attributes, ...TURNED },
  ...(traceState === undefined ? undefined : { traceState }),
});
