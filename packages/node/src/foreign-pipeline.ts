import type { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import type { Pipeline } from "./pipeline.ts";
import { within } from "./within.ts";

/** Someone else's pipeline, in whose list our processor stands if it has one. */
export const createForeignPipeline = (
  provider: object,
  processor: LifecycleSpanProcessor | undefined,
): Pipeline => ({
  processor,
  unsent: undefined,
  failed: undefined,
  flush: (limitMs) => within(limitMs, flushed(provider)),
  // Its exporter sends when the event loop turns, which it does no more.
  flushSync: () => false,
});

/** Someone else's pipeline, and ours from before, for what began in it and ends only now. */
export const besideFormer = (pipeline: Pipeline, former: Pipeline): Pipeline => ({
  ...pipeline,
  flush: async (limitMs) => {
    await Promise.all([pipeline.flush(limitMs), former.flush(limitMs)]);
  },
  flushSync: (limitMs) => {
    const isFormerSent = former.flushSync(limitMs);
    return pipeline.flushSync(limitMs) && isFormerSent;
  },
});

async function flushed(provider: { readonly forceFlush?: () => unknown }): Promise<void> {
  await provider.forceFlush?.();
}
