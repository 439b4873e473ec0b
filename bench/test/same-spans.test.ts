import type { ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { expect, test } from "vitest";
import type { Fleet } from "../src/dispose-all/fleet.ts";
import { createLifecycleFleet } from "../src/dispose-all/lifecycle-fleet.ts";
import { createPlainFleet } from "../src/dispose-all/plain-fleet.ts";
import {
  createLifecyclePipeline,
  createPlainPipeline,
  type Pipeline,
  type PipelineOptions,
  registerContextManager,
} from "../src/pipeline.ts";

registerContextManager();

/** More runs than an action's span links to. */
const RUNS = 120;

/** What of a span costs: its attributes and links; not their values, and not who is who. */
const shapeOf = ({ name, attributes, links, kind }: ReadableSpan) => ({
  name,
  kind,
  attributes: Object.keys(attributes).sort(),
  links: links.map((link) => link.attributes),
});

const shapesOf = async (
  createPipeline: (options: PipelineOptions) => Pipeline,
  createFleet: (runs: number, pipeline: Pipeline) => Fleet,
) => {
  const exported: ReadableSpan[] = [];
  const pipeline = createPipeline({ onExport: (spans) => exported.push(...spans) });
  pipeline.register();
  await createFleet(RUNS, pipeline).disposeAll();
  await pipeline.flush();
  return exported.map(shapeOf);
};

test("what is written by hand has the spans, attributes and links of what it is compared with", async () => {
  const ours = await shapesOf(createLifecyclePipeline, createLifecycleFleet);
  const byHand = await shapesOf(createPlainPipeline, createPlainFleet);
  expect(ours).toHaveLength(2 * RUNS + 1);
  expect(byHand).toEqual(ours);
});
