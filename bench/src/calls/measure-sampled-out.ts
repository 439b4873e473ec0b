import { ParentBasedSampler, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace-node";
import { lifecycleSampler } from "@otel-lifecycle/sdk";
import { type Figure, figure } from "../figure.ts";
import { ratioOf, takePairs } from "../pairs.ts";
import { createLifecyclePipeline, createPlainPipeline } from "../pipeline.ts";
import type { CallSizes } from "../sizes.ts";
import { median } from "../statistics.ts";
import { cpuOfCalls, type Workload } from "./cpu-of-calls.ts";
import { rootSpan, spanBelowDropped } from "./workloads.ts";

/** Spans that a sampler drops, with ours around it and our processor installed, and without. */
export const measureSampledOut = async (sizes: CallSizes): Promise<readonly Figure[]> => {
  const ours = createLifecyclePipeline({ sampler: lifecycleSampler(createSampler()) });
  const plain = createPlainPipeline({ sampler: createSampler() });
  const take = (one: Workload, other: Workload) =>
    takePairs(
      { ours: () => cpuOfCalls(one, sizes), plain: () => cpuOfCalls(other, sizes) },
      sizes.rounds,
    );
  const roots = await take(
    { call: rootSpan(ours.tracer), pipeline: ours },
    { call: rootSpan(plain.tracer), pipeline: plain },
  );
  const [ourBelow, plainBelow] = [spanBelowDropped(ours), spanBelowDropped(plain)];
  const below = await take(ourBelow, plainBelow);
  ourBelow.end();
  plainBelow.end();
  return [
    figure("sampled_out_root_ratio", ratioOf(roots), "1"),
    figure("sampled_out_root_time", median(roots.map((one) => one.ours)), "us"),
    figure("sampled_out_plain_root_time", median(roots.map((one) => one.plain)), "us"),
    figure("sampled_out_span_below_ratio", ratioOf(below), "1"),
  ];
};

const createSampler = (): ParentBasedSampler =>
  new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.01) });
