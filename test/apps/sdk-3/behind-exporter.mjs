import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";

const exporting = new BatchSpanProcessor({ exporter: new OTLPTraceExporter() });
const spanProcessors = [exporting, new LifecycleSpanProcessor()];
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors }));
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
process.once("beforeExit", () => exporting.forceFlush());
