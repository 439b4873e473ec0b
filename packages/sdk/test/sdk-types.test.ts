import { NodeTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  LifecycleSpanProcessor,
  type SpanProcessor as OurSpanProcessor,
} from "@otel-lifecycle/sdk";
import { expect, expectTypeOf, test } from "vitest";

// What is claimed here is checked by `tsc -p tsconfig.test.json`, under strict and
// exactOptionalPropertyTypes; at run time it only has to be constructible.
test("the SDK's types take the processor without a cast", async () => {
  expectTypeOf<LifecycleSpanProcessor>().toExtend<SpanProcessor>();
  expectTypeOf<OurSpanProcessor>().toExtend<SpanProcessor>();

  const spanProcessors: SpanProcessor[] = [new LifecycleSpanProcessor()];
  const provider = new NodeTracerProvider({ spanProcessors });
  await expect(provider.forceFlush()).resolves.toBeUndefined();
  await expect(provider.shutdown()).resolves.toBeUndefined();
});
