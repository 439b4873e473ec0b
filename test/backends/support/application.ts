import type { AgentOptions } from "node:https";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  type IdGenerator,
  NodeTracerProvider,
  type Sampler,
} from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { onTestFinished } from "vitest";
import { startBackend } from "./backend.ts";
import type { WholeSpan } from "./whole-span.ts";

export interface ApplicationOptions {
  /** Where its OTLP/HTTP goes, without a path. */
  readonly url: string;
  readonly sampler?: Sampler;
  readonly idGenerator?: IdGenerator;
  readonly resource?: Readonly<Record<string, string | string[]>>;
  /** Certificates, where the address is one of TLS. */
  readonly tls?: AgentOptions;
}

/** An application with our SDK, set up by hand, whose spans go over OTLP. */
export interface Application {
  readonly provider: NodeTracerProvider;
  /** Sends what has ended so far. */
  readonly flush: () => Promise<void>;
  /** What it has sent, as a receiver beside the Collector got it. */
  readonly sent: () => readonly WholeSpan[];
  /** Makes room for another one before the test ends. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

/** Registers one until the test ends: what the API makes in this thread is its own. */
export const startApplication = async (options: ApplicationOptions): Promise<Application> => {
  const beside = await startBackend();
  const { url, sampler, idGenerator, resource, tls } = options;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "app", ...resource }),
    ...(sampler && { sampler }),
    ...(idGenerator && { idGenerator }),
    spanProcessors: [
      new LifecycleSpanProcessor(),
      batched(
        new OTLPTraceExporter({ url: `${url}/v1/traces`, ...(tls && { httpAgentOptions: tls }) }),
      ),
      batched(new OTLPTraceExporter({ url: `${beside.url}/v1/traces` })),
    ],
  });
  provider.register({ contextManager: new AsyncLocalStorageContextManager(), propagator: null });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= leave(provider));
  onTestFinished(stop);
  return { provider, flush: () => provider.forceFlush(), sent: beside.spans, stop };
};

const leave = async (provider: NodeTracerProvider): Promise<void> => {
  trace.disable();
  context.disable();
  await provider.shutdown().catch(() => undefined);
};

// Only flushed by the tests, so that they know what is in one request.
const batched = (exporter: OTLPTraceExporter): BatchSpanProcessor =>
  new BatchSpanProcessor(exporter, {
    maxQueueSize: 65_536,
    maxExportBatchSize: 2048,
    scheduledDelayMillis: 3_600_000,
  });
