import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { type AccountJson, startReceiver, toJson } from "why-closed";
import { type OtlpSpan, spansOf } from "./otlp-span.ts";
import { type Canaries, type Leak, scanHarvest } from "./scan-harvest.ts";

/** What arrived at a receiver. */
export interface Harvest {
  /** The accepted bodies as received, decompressed. */
  readonly bodies: readonly string[];
  readonly spans: readonly OtlpSpan[];
  /** What `why-closed --json` prints of them. */
  readonly account: AccountJson;
}

export interface FieldOptions {
  /** Texts of the test that must not be exported. */
  readonly canaries?: Canaries;
  readonly compression?: "gzip" | "none";
  readonly maxQueueSize?: number;
}

/** A provider that exports over OTLP/HTTP to a receiver of its own. */
export interface Field {
  readonly provider: NodeTracerProvider;
  /** Shuts the provider and the receiver down, and fails if anything private had arrived. */
  readonly harvest: () => Promise<Harvest>;
}

/** What is private stood in an export. */
class LeakError extends Error {
  override readonly name: string = "LeakError";

  constructor(leaks: readonly Leak[]) {
    super(leaks.map(({ what, where }) => `${what} is in ${where}`).join("\n"));
  }
}

/** Registers a real provider, processor and exporter, and starts the receiver of `why-closed`. */
export const sowField = async (options: FieldOptions = {}): Promise<Field> => {
  const { canaries, compression = "none", maxQueueSize = 2048 } = options;
  const receiver = await startReceiver({ port: 0 });
  const exporter = new OTLPTraceExporter({
    url: `${receiver.url}/v1/traces`,
    // A cast, because the SDK's enum has these values and no export of its own.
    compression: compression as NonNullable<ExporterConfig["compression"]>,
  });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "field" }),
    spanProcessors: [
      new LifecycleSpanProcessor(),
      new BatchSpanProcessor(exporter, { maxQueueSize }),
    ],
  });
  provider.register({ contextManager: new AsyncLocalStorageContextManager(), propagator: null });
  return {
    provider,
    harvest: async () => {
      await provider.shutdown();
      await receiver.close();
      trace.disable();
      context.disable();
      const bodies = [...receiver.requests];
      const leaks = scanHarvest(bodies, canaries);
      if (leaks.length > 0) throw new LeakError(leaks);
      return { bodies, spans: spansOf(bodies), account: toJson(receiver.account()) };
    },
  };
};

type ExporterConfig = NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>;
