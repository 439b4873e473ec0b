export { LifecycleSpanProcessor } from "./lifecycle-span-processor.ts";
export type { SdkSpan, SpanProcessor } from "./sdk-types.ts";
