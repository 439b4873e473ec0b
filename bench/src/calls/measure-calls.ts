import type { Figure } from "../figure.ts";
import type { Progress } from "../measure.ts";
import { createLifecyclePipeline, createPlainPipeline } from "../pipeline.ts";
import type { CallSizes } from "../sizes.ts";
import { measureRuns } from "./measure-runs.ts";
import { measureSampledOut } from "./measure-sampled-out.ts";
import { measureSpans } from "./measure-spans.ts";

/** What a call costs with us, beside what it costs without. */
export const measureCalls = async (
  sizes: CallSizes,
  progress: Progress,
): Promise<readonly Figure[]> => {
  const plain = createPlainPipeline();
  const lifecycle = createLifecyclePipeline();
  // Runs go to the registered provider; the plain side has its tracer, so nothing is swapped.
  lifecycle.register();
  const sides = { ours: lifecycle, plain };

  progress("calls: a run, beside a span");
  const runs = await measureRuns(sides, sizes);
  progress("calls: spans that our code does not make");
  const spans = await measureSpans(sides, sizes);
  progress("calls: spans that the sampler drops");
  const sampledOut = await measureSampledOut(sizes);
  return [...runs, ...spans, ...sampledOut];
};
