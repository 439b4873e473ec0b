import { layerGlobal } from "@effect/opentelemetry/OtelTracer";
import { layer } from "@effect/opentelemetry/Resource";
import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { createScope, withAction, withRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { Effect, Layer } from "effect";

const provider = new NodeTracerProvider({
  spanProcessors: [new LifecycleSpanProcessor(), new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();
const tracing = layerGlobal.pipe(Layer.provide(layer({ serviceName: "app" })));
const scope = createScope({ kind: "instance" });

// An effect below a run is interrupted with it; the run ends with the name of an abort.
const run = withRun({ name: "run, disposed", scope }, async ({ signal }) => {
  const parent = trace.getActiveSpan();
  await trace.getTracer("application").startActiveSpan("chat", async (span) => {
    const effect = Effect.never.pipe(Effect.withSpan("effect below"), Effect.provide(tracing));
    await Effect.runPromise(effect, { signal }).catch(() => {});
    span.setAttribute("error.type", "AbortError");
    span.end();
  });
  parent.setAttribute("error.type", "AbortError");
  signal.throwIfAborted();
}).catch(() => {});
setTimeout(() => withAction({ kind: "dispose", scope }, () => run), 20);
await run;
// One that completed although something in it had been aborted.
await withRun({ name: "run, completed", scope }, async () => {
  trace.getActiveSpan().setAttribute("error.type", "AbortError");
});
await provider.shutdown();
