import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { recordIncidents } from "@otel-lifecycle/sdk/incidents";
import { openJournal } from "@otel-lifecycle/sdk/journal";

/** What a long-running service has: processor, journal, incidents, exporter. */
export interface SoakPipeline {
  /** The journal's folder; undefined once it is off. */
  readonly journal: string | undefined;
  /** Spans that the exporter has had acknowledged, and those that it gave up. */
  readonly sent: number;
  readonly failed: number;
  /** Incidents that were derived. */
  readonly incidents: number;
  /** Resolves when all incidents are told, and no more than `most` of the spans that ended are unsent. */
  drained(most: number): Promise<void>;
  stop(): Promise<void>;
}

export const startPipeline = (url: string, directory: string): SoakPipeline => {
  let sent = 0;
  let failed = 0;
  let ended = 0;
  let incidents = 0;
  const processor = new LifecycleSpanProcessor();
  const journal = openJournal({ directory, processor });
  const count = (spans: number, code: number): void => {
    if (code === 0) sent += spans;
    else failed += spans;
  };
  const exporter = counting(journal.through(new OTLPTraceExporter({ url })), count);
  const batch = new BatchSpanProcessor(exporter, {
    maxQueueSize: 16_384,
    maxExportBatchSize: 2_048,
    scheduledDelayMillis: 50,
  });
  const provider = new NodeTracerProvider({
    spanProcessors: [processor, batch, endsTo(() => (ended += 1))],
  });
  provider.register();
  const recording = recordIncidents({ onIncident: () => (incidents += 1) });
  return {
    get journal() {
      return journal.path;
    },
    get sent() {
      return sent;
    },
    get failed() {
      return failed;
    },
    get incidents() {
      return incidents;
    },
    async drained(most) {
      // Incidents are told in turns of their own: without a rest they would wait by the thousand.
      await recording.flush();
      while (ended - sent - failed > most) await turn();
    },
    async stop() {
      recording.stop();
      await provider.shutdown();
      journal.close();
      trace.disable();
    },
  };
};

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

const counting = (
  exporter: SpanExporter,
  count: (spans: number, code: number) => void,
): SpanExporter => ({
  export: (spans: ReadableSpan[], done) =>
    exporter.export(spans, (result) => {
      count(spans.length, result.code);
      done(result);
    }),
  shutdown: () => exporter.shutdown(),
});

const endsTo = (count: () => void) => ({
  onStart: () => undefined,
  onEnd: count,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
});
