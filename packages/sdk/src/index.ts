export type { AutomaticRunOptions } from "./automatic-runs.ts";
export {
  LifecycleSpanProcessor,
  type LifecycleSpanProcessorOptions,
} from "./lifecycle-span-processor.ts";
export { beginShutdown, type ShutdownTrigger } from "./process-shutdown.ts";
export type { SdkSpan, SpanProcessor } from "./sdk-types.ts";
