import { layerGlobal } from "@effect/opentelemetry/OtelTracer";
import { layer } from "@effect/opentelemetry/Resource";
import { Effect, Fiber, Layer } from "effect";
import { provider } from "./telemetry.mjs";

const tracing = layerGlobal.pipe(Layer.provide(layer({ serviceName: "app" })));
const never = (name) => Effect.never.pipe(Effect.withSpan(name));

const interrupted = Effect.gen(function* () {
  const fiber = yield* Effect.forkChild(never("fiber, interrupted"));
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

const controller = new AbortController();
const options = { signal: controller.signal };
const running = Effect.runPromise(
  never("runPromise, aborted").pipe(Effect.provide(tracing)),
  options,
).catch(() => {});
setTimeout(() => controller.abort(), 20);
await running;
await provider.shutdown();
