import { type Figure, figure, figureWithGoal } from "../figure.ts";
import { ratioOf, type Taken, takePairs } from "../pairs.ts";
import {
  createPipelineWithoutAutomaticRuns,
  createPlainPipeline,
  type Pipeline,
} from "../pipeline.ts";
import type { CallSizes } from "../sizes.ts";
import { cpuOfCalls, type Workload } from "./cpu-of-calls.ts";
import { rootSpan, type SpanBelow, spanBelowRun, spanBelowSpan } from "./workloads.ts";

/** Spans that the application or its instrumentations make, our processor installed and not. */
export const measureSpans = async (
  { ours, plain }: Taken<Pipeline>,
  sizes: CallSizes,
): Promise<readonly Figure[]> => {
  const ratio = async (one: Workload, other: Workload): Promise<number> =>
    ratioOf(
      await takePairs(
        { ours: () => cpuOfCalls(one, sizes), plain: () => cpuOfCalls(other, sizes) },
        sizes.rounds,
      ),
    );
  const plainRoot = rootOf(plain);
  const plainBelow = spanBelowSpan(plain);
  // The second one has to be a pipeline of its own, because what is measured is the noise of two.
  const noise = await ratio(rootOf(createPlainPipeline()), plainRoot);
  const root = await ratio(rootOf(ours), plainRoot);
  const notSelected = await ratio(rootOf(createPipelineWithoutAutomaticRuns()), plainRoot);
  const below = (span: SpanBelow): Promise<number> =>
    ratio(span, plainBelow).finally(() => span.end());
  const ordinary = await below(spanBelowSpan(ours));
  const belowRun = await below(spanBelowRun(ours));
  plainBelow.end();
  return [
    figureWithGoal("automatic_root_ratio", root, "1", 1.25),
    figureWithGoal("ordinary_span_ratio", ordinary, "1", 1.05),
    figure("span_below_run_ratio", belowRun, "1"),
    figureWithGoal("root_not_selected_ratio", notSelected, "1", 1.05),
    figure("noise_ratio", noise, "1"),
  ];
};

const rootOf = (pipeline: Pipeline): Workload => ({ call: rootSpan(pipeline.tracer), pipeline });
