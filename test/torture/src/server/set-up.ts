import { DiagLogLevel, diag } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { openJournal } from "@otel-lifecycle/sdk/journal";
import { instanceOf } from "./instance.ts";
import { PROCESS_HEADER, type ServerSettings } from "./settings.ts";
import type { Tell } from "./side-channel.ts";

/** What a server sets up, as the README has it. */
export interface SetUp {
  /** Ends what is open, sends what it can and closes the journal. */
  shutdown(): Promise<void>;
}

export const setUp = (settings: ServerSettings, tell: Tell): SetUp => {
  diag.setLogger(warningsTo(tell), DiagLogLevel.WARN);
  const processor = new LifecycleSpanProcessor();
  const journal = openJournal({ directory: settings.directory, processor });
  const exporter = new OTLPTraceExporter({
    url: settings.url,
    headers: { [PROCESS_HEADER]: String(settings.process) },
  });
  const batch = new BatchSpanProcessor(telling(journal.through(exporter), tell), {
    scheduledDelayMillis: 15,
  });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      "service.name": "torture",
      "service.instance.id": instanceOf(settings.process),
      "process.pid": process.pid,
    }),
    spanProcessors: [processor, batch],
  });
  provider.register();
  return {
    async shutdown() {
      const done = provider.shutdown();
      tell(["t"]);
      await done.catch(() => undefined);
      journal.close();
    },
  };
};

// The journal has the acknowledgement when it hands the answer on: after this line there is no
// second time.
const telling = (exporter: SpanExporter, tell: Tell): SpanExporter => ({
  export(spans: ReadableSpan[], done) {
    exporter.export(spans, (result) => {
      if (result.code === 0) tell(["K", spans.map((span) => span.spanContext().spanId)]);
      done(result);
    });
  },
  forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  shutdown: () => exporter.shutdown(),
});

const warningsTo = (tell: Tell) => {
  const warn = (...parts: readonly unknown[]): void => tell(["W", parts.join(" ").slice(0, 400)]);
  const ignore = (): void => undefined;
  return { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
};
