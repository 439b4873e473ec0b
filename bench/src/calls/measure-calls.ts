import { type Figure, figure, figureWithGoal } from "../figure.ts";
import type { Progress } from "../measure.ts";
import { ratioOf, takePairs } from "../pairs.ts";
import { createLifecyclePipeline, createPlainPipeline } from "../pipeline.ts";
import type { CallSizes } from "../sizes.ts";
import { median } from "../statistics.ts";
import { timeAsyncCalls, timeCalls } from "./time-calls.ts";
import { asyncRun, asyncSpan, run, span, spanBelow, spanWithAttributes } from "./workloads.ts";

/** What a call costs with us, beside what it costs without. */
export const measureCalls = async (
  sizes: CallSizes,
  progress: Progress,
): Promise<readonly Figure[]> => {
  const plain = createPlainPipeline();
  const samePlain = createPlainPipeline();
  const lifecycle = createLifecyclePipeline();
  // Runs go to the registered provider; the plain side has its tracer, so nothing is swapped.
  lifecycle.register();
  const below = spanBelow(lifecycle, plain);
  const { rounds } = sizes;

  const timeRun = () => timeCalls(run(), lifecycle, sizes);
  const timeSpan = () => timeCalls(span(plain.tracer), plain, sizes);

  progress("calls: a run, beside a span");
  const runs = await takePairs({ ours: timeRun, plain: timeSpan }, rounds);
  const withAttributes = await takePairs(
    { ours: timeRun, plain: () => timeCalls(spanWithAttributes(plain.tracer), plain, sizes) },
    rounds,
  );
  progress("calls: an async run, beside an async span");
  const asyncRuns = await takePairs(
    {
      ours: () => timeAsyncCalls(asyncRun(), lifecycle, sizes),
      plain: () => timeAsyncCalls(asyncSpan(plain.tracer), plain, sizes),
    },
    rounds,
  );
  progress("calls: spans that are no runs");
  const otherSpans = await takePairs(
    { ours: () => timeCalls(span(lifecycle.tracer), lifecycle, sizes), plain: timeSpan },
    rounds,
  );
  const spansBelow = await takePairs(
    {
      ours: () => timeCalls(below.run, lifecycle, sizes),
      plain: () => timeCalls(below.span, plain, sizes),
    },
    rounds,
  );
  const noise = await takePairs(
    { ours: () => timeCalls(span(samePlain.tracer), samePlain, sizes), plain: timeSpan },
    rounds,
  );
  below.end();
  return [
    figureWithGoal("run_ratio", ratioOf(runs), "1", 1.5),
    figureWithGoal("run_async_ratio", ratioOf(asyncRuns), "1", 1.5),
    figure("run_with_attributes_ratio", ratioOf(withAttributes), "1"),
    figure("run_time", median(runs.map((one) => one.ours)), "us"),
    figure("span_time", median(runs.map((one) => one.plain)), "us"),
    figureWithGoal("other_span_ratio", ratioOf(otherSpans), "1", 1.05),
    figure("span_below_run_ratio", ratioOf(spansBelow), "1"),
    figure("noise_ratio", ratioOf(noise), "1"),
  ];
};
