export type { AutomaticRunOptions } from "./automatic-runs.ts";
export {
  LifecycleSpanProcessor,
  type LifecycleSpanProcessorOptions,
} from "./lifecycle-span-processor.ts";
export { type MetricsOptions, recordMetrics } from "./metrics/record-metrics.ts";
export { beginShutdown, type ShutdownTrigger } from "./process-shutdown.ts";
export { lifecycleSampler } from "./sampling/lifecycle-sampler.ts";
export type { Sampler, SamplingResult } from "./sampling/sampler-types.ts";
export type { SdkSpan, SpanProcessor } from "./sdk-types.ts";
