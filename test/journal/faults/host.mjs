// A process that keeps a journal and does what its parent says, one message after the other.
import { writeSync } from "node:fs";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { lifecycleSnapshot, startRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { openJournal } from "@otel-lifecycle/sdk/journal";

/** @type {string[]} */
const warnings = [];
const log = (/** @type {unknown[]} */ ...parts) => void warnings.push(parts.map(String).join(" "));
const silent = () => {};
diag.setLogger(
  { error: log, warn: log, info: silent, debug: silent, verbose: silent },
  { logLevel: DiagLogLevel.WARN },
);
/** @type {string[]} */
const thrown = [];
process.on("uncaughtExceptionMonitor", (error) => writeSync(2, `uncaught ${error.stack}\n`));
process.on("unhandledRejection", (error) => void thrown.push(String(error)));

const [directory = "", url = "", options = "{}"] = process.argv.slice(2);
const processor = new LifecycleSpanProcessor();
const journal = openJournal({ directory, processor, ...JSON.parse(options) });
const exporter = journal.through(new OTLPTraceExporter({ url, timeoutMillis: 2_000 }));
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ "service.name": "host" }),
  spanProcessors: [processor, new BatchSpanProcessor(exporter, { scheduledDelayMillis: 20 })],
});
provider.register({ contextManager: new AsyncLocalStorageContextManager(), propagator: null });

/** @type {Map<string, import("@otel-lifecycle/api").Run>} */
const runs = new Map();
/** @type {Record<string, (argument: any) => unknown>} */
const commands = {
  begin: (name) => void runs.set(name, startRun({ name })),
  end: (name) => runs.get(name)?.end(),
  /** So many runs that complete at once, with so many characters each. */
  many: ({ count, length = 0 }) => {
    for (let at = 0; at < count; at += 1) {
      const run = startRun({ name: `many ${at}` });
      run.span.setAttribute("text", "x".repeat(length));
      run.end();
    }
  },
  flush: () => provider.forceFlush().catch(() => {}),
  state: () => ({
    path: journal.path ?? null,
    isNeeded: journal.isNeeded,
    warnings,
    thrown,
    bounded: lifecycleSnapshot().bounded,
  }),
  close: () => journal.close(),
  shutdown: () => provider.shutdown().catch(() => {}),
};
process.on("message", async (/** @type {{ command: string, argument: unknown }} */ message) => {
  process.send?.({ answer: (await commands[message.command]?.(message.argument)) ?? null });
});
process.send?.({ answer: "ready" });
