import { SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { GrpcInstrumentation } from "@opentelemetry/instrumentation-grpc";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { OpenAIInstrumentation } from "@opentelemetry/instrumentation-openai";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

export const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register({ contextManager: new AsyncLocalStorageContextManager() });
const ignoreIncomingRequestHook = () => true;
registerInstrumentations({
  tracerProvider: provider,
  instrumentations: [
    new UndiciInstrumentation(),
    new HttpInstrumentation({ ignoreIncomingRequestHook }),
    new GrpcInstrumentation(),
    new OpenAIInstrumentation(),
  ],
});

const tracer = trace.getTracer("application");

/** Does something inside a span that names the case and says nothing of how it ended. */
export const inCase = (name, act) =>
  tracer.startActiveSpan(name, async (span) => {
    await Promise.resolve(act(span)).catch(() => {});
    span.end();
  });

/** The same in a span that says what it ended with, as OpenTelemetry's documentation has it. */
export const recordedCase = (name, act) =>
  tracer.startActiveSpan(name, async (span) => {
    try {
      await act(span);
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    }
    span.end();
  });
