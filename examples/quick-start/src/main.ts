import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { createScope, directoryScope, withAction, withRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { streamAnswer } from "./stream-answer.ts";

// Beside your SDK: ours first, so that at shutdown it still finds an exporter behind it.
const provider = new NodeTracerProvider({
  spanProcessors: [new LifecycleSpanProcessor(), new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();

// Scopes own runs and form a tree. A directory leaves the process as a keyed hash only.
const store = createScope({ kind: "instance_store" });
const instance = directoryScope(store, process.cwd());

// A run is what may be interrupted: wrap it, and let what it does listen to run.signal.
const runs = ["r1", "r2", "r3"].map((id) =>
  withRun({ name: "agent run", id, scope: instance, timeoutMs: 60_000 }, (run) =>
    streamAnswer(run.signal),
  ),
);

// The application's own dispose: one line around what is there already.
await withAction(
  { kind: "dispose_all", scope: store, trigger: "http", operation: "POST /global/dispose" },
  () => Promise.allSettled(runs),
);

// Sends what is left.
await provider.shutdown().catch((error: unknown) => {
  console.error(`Nothing took the spans: is "why-closed listen" running? (${String(error)})`);
  process.exitCode = 1;
});
