import { layer } from "@effect/opentelemetry/Resource";
import { layerGlobal } from "@effect/opentelemetry/Tracer";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { Effect, Fiber, Layer } from "effect";

const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();
const tracing = layerGlobal.pipe(Layer.provide(layer({ serviceName: "app" })));
const never = (name) => Effect.never.pipe(Effect.withSpan(name));

const interrupted = Effect.gen(function* () {
  const fiber = yield* Effect.fork(never("fiber, interrupted"));
  yield* Effect.sleep(20);
  yield* Fiber.interrupt(fiber);
});
const cases = [
  interrupted,
  never("effect, timed out").pipe(Effect.timeout(20), Effect.ignore),
  Effect.never.pipe(Effect.timeout(20), Effect.withSpan("around a timeout"), Effect.ignore),
  Effect.fail(new Error("no")).pipe(Effect.withSpan("failed"), Effect.ignore),
  Effect.void.pipe(Effect.withSpan("completed")),
];
for (const one of cases) await Effect.runPromise(one.pipe(Effect.provide(tracing)));
await provider.shutdown();
