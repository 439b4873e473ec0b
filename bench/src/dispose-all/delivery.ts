import type { SpanProcessor } from "@opentelemetry/sdk-trace-node";
import type { PipelineOptions } from "../pipeline.ts";

/** What became of the spans of a disposal. */
export interface Delivery {
  /** Spans exported, out of spans ended. */
  readonly share: number;
  /** Whether the action's own, which is ended last, was exported: 1 or 0. */
  readonly action: number;
}

/** Counts spans at both ends of a pipeline. */
export interface DeliveryCount {
  /** For the pipeline whose spans are counted. */
  readonly options: Pick<PipelineOptions, "first" | "onExport">;
  /** What became of the spans since this was last asked. */
  take(): Delivery;
}

export const countDelivery = (): DeliveryCount => {
  let ended = 0;
  let exported = 0;
  let action = 0;
  return {
    options: {
      first: endCounter(() => {
        ended += 1;
      }),
      onExport(spans) {
        exported += spans.length;
        if (spans.some(({ name }) => name.startsWith("dispose_all "))) action = 1;
      },
    },
    take() {
      const delivery: Delivery = { share: exported / ended, action };
      ended = 0;
      exported = 0;
      action = 0;
      return delivery;
    },
  };
};

const endCounter = (onEnd: () => void): SpanProcessor => ({
  onStart: () => undefined,
  onEnd,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
});
