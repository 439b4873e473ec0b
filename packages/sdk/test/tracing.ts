import { context, DiagLogLevel, diag, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type SpanProcessor,
  type TracerConfig,
} from "@opentelemetry/sdk-trace-node";
import { afterEach } from "vitest";

/** The SDK's in-memory exporter, whose spans can still be read once it has shut down. */
export class KeepingExporter extends InMemorySpanExporter {
  override shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** A real provider, registered for the rest of the test, and a tracer that is not ours. */
export const registerProvider = (
  spanProcessors: SpanProcessor[],
  config: Omit<TracerConfig, "spanProcessors"> = {},
): { readonly provider: NodeTracerProvider; readonly tracer: Tracer } => {
  const provider = new NodeTracerProvider({ ...config, spanProcessors });
  provider.register({ contextManager: new AsyncLocalStorageContextManager(), propagator: null });
  return { provider, tracer: provider.getTracer("host") };
};

/** What the diag logger was given from now on, from warnings up, as one line each. */
export const capturedDiag = (): readonly string[] => {
  const lines: string[] = [];
  const log =
    (level: string) =>
    (...parts: unknown[]): void => {
      lines.push([level, ...parts.map(String)].join(" "));
    };
  const silent = (): void => undefined;
  const logger = { error: log("error"), warn: log("warn"), info: silent, debug: silent };
  diag.setLogger({ ...logger, verbose: silent }, { logLevel: DiagLogLevel.WARN });
  return lines;
};

afterEach(() => {
  trace.disable();
  context.disable();
  diag.disable();
});
