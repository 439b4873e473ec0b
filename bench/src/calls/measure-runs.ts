import { type Figure, figure, figureWithGoal } from "../figure.ts";
import { ratioOf, type Taken, takePairs } from "../pairs.ts";
import type { Pipeline } from "../pipeline.ts";
import type { CallSizes } from "../sizes.ts";
import { median } from "../statistics.ts";
import { cpuOfAsyncCalls, cpuOfCalls } from "./cpu-of-calls.ts";
import { asyncRun, asyncSpan, run, span, spanWithAttributes } from "./workloads.ts";

/** A run through the API, beside a span. */
export const measureRuns = async (
  { ours, plain }: Taken<Pipeline>,
  sizes: CallSizes,
): Promise<readonly Figure[]> => {
  const { rounds } = sizes;
  const oneRun = { call: run(), pipeline: ours };
  const oneSpan = { call: span(plain.tracer), pipeline: plain };
  const oneSpanWithAttributes = { call: spanWithAttributes(plain.tracer), pipeline: plain };
  const oneAsyncRun = { call: asyncRun(), pipeline: ours };
  const oneAsyncSpan = { call: asyncSpan(plain.tracer), pipeline: plain };

  const runs = await takePairs(
    { ours: () => cpuOfCalls(oneRun, sizes), plain: () => cpuOfCalls(oneSpan, sizes) },
    rounds,
  );
  const withAttributes = await takePairs(
    {
      ours: () => cpuOfCalls(oneRun, sizes),
      plain: () => cpuOfCalls(oneSpanWithAttributes, sizes),
    },
    rounds,
  );
  const asyncRuns = await takePairs(
    {
      ours: () => cpuOfAsyncCalls(oneAsyncRun, sizes),
      plain: () => cpuOfAsyncCalls(oneAsyncSpan, sizes),
    },
    rounds,
  );
  return [
    figureWithGoal("run_ratio", ratioOf(runs), "1", 1.5),
    figureWithGoal("run_async_ratio", ratioOf(asyncRuns), "1", 1.5),
    figure("run_with_attributes_ratio", ratioOf(withAttributes), "1"),
    figure("run_time", median(runs.map((one) => one.ours)), "us"),
    figure("span_time", median(runs.map((one) => one.plain)), "us"),
  ];
};
