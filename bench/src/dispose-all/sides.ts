import { createLifecyclePipeline, createPlainPipeline, type PipelineOptions } from "../pipeline.ts";
import { countDelivery } from "./delivery.ts";
import { createLifecycleFleet } from "./lifecycle-fleet.ts";
import type { Side } from "./observe.ts";
import { createPlainFleet } from "./plain-fleet.ts";

/** Runs and an action of ours. */
export const createOurSide = (options: PipelineOptions = {}): Side => {
  const count = countDelivery();
  const pipeline = createLifecyclePipeline({ ...options, ...count.options });
  return { pipeline, count, createFleet: createLifecycleFleet };
};

/** The same by hand. */
export const createHandSide = (options: PipelineOptions = {}): Side => {
  const count = countDelivery();
  const pipeline = createPlainPipeline({ ...options, ...count.options });
  return { pipeline, count, createFleet: createPlainFleet };
};
