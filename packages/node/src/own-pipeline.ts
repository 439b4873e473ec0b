import {
  ConsoleSpanExporter,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import type { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { createBatchQueue } from "./batch-queue.ts";
import { createDelivery } from "./delivery.ts";
import { attempt, warn } from "./diagnostics.ts";
import type { JournalEnvironment } from "./journal/environment.ts";
import { keepJournal, type ProcessJournal } from "./journal/process-journal.ts";
import { createRecoveryExporter } from "./journal/recovery-exporter.ts";
import { createLastWords } from "./last-words.ts";
import { batchLimitsFromEnvironment } from "./limits.ts";
import { otlpForm } from "./otlp-exporter.ts";
import type { Pipeline } from "./pipeline.ts";
import { variable, warnOfValue } from "./variable.ts";
import { within } from "./within.ts";

/** A pipeline that we set up ourselves, and the processors of its provider, in their order. */
export interface OwnPipeline {
  readonly pipeline: Pipeline;
  readonly spanProcessors: SpanProcessor[];
  /** What it keeps, where the environment asks for a journal. */
  readonly journal: ProcessJournal | undefined;
}

/** What {@link createOwnPipeline} takes. */
export interface OwnPipelineOptions {
  readonly processor: LifecycleSpanProcessor;
  readonly journal: JournalEnvironment | undefined;
}

/** The pipeline of `OTEL_TRACES_EXPORTER`, with `processor` before all that exports. */
export function createOwnPipeline(options: OwnPipelineOptions): OwnPipeline {
  const names = exporterNames();
  const own = names.includes("otlp") ? otlpPipeline(options) : silentPipeline(options);
  if (!names.includes("console")) return own;
  const printing = new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() });
  return { ...own, spanProcessors: [...own.spanProcessors, printing] };
}

const EXPORTERS = ["otlp", "console", "none"];

function exporterNames(): readonly string[] {
  const given = variable("OTEL_TRACES_EXPORTER")?.toLowerCase().split(",");
  if (given === undefined) return ["otlp"];
  const names = given.map((name) => name.trim());
  const known = names.filter((name) => EXPORTERS.includes(name));
  const used = known.length > 0 ? known : ["otlp"];
  if (known.length < names.length) {
    warnOfValue("OTEL_TRACES_EXPORTER", "otlp, console or none", used.join(","));
  }
  return used.includes("none") ? [] : used;
}

function otlpPipeline({ processor, journal: environment }: OwnPipelineOptions): OwnPipeline {
  const form = otlpForm();
  const limits = batchLimitsFromEnvironment();
  const journal =
    environment &&
    keepJournal(environment, {
      processor,
      createExporter: () => createRecoveryExporter(form),
      unsent: () => delivery.unsent(handOver),
    });
  const delivery = createDelivery(form.create({}), {
    // A flush hands over all that a full queue holds, while a batch, or one flush more, is under way.
    maxSpans: 2 * limits.maxQueueSize,
    settled: journal?.settled,
  });
  const queue = createBatchQueue(delivery.exporter, limits);
  const sendNow = createLastWords(form.contentType);
  // Its promise is for nobody: the delivery knows what was acknowledged.
  const handOver = (): void => void queue.processor.forceFlush().catch(() => {});
  const pipeline: Pipeline = {
    processor,
    get unsent() {
      return queue.length + delivery.unacknowledged;
    },
    get failed() {
      return delivery.failed;
    },
    flush: (limitMs) => {
      // Through one of its own, because the ordinary one retries longer than this may hold.
      const timeoutMillis = Math.max(limitMs, 1);
      delivery.through(form.create({ timeoutMillis }), handOver);
      return within(limitMs, delivery.settled());
    },
    flushSync: (limitMs) =>
      delivery.now(
        handOver,
        (batches) => attempt("the last spans", () => sendNow(batches, limitMs)) ?? false,
      ),
  };
  return { pipeline, spanProcessors: [processor, queue.processor], journal };
}

/** Exports nothing; what is closed is still aborted, attributed and seen by other processors. */
function silentPipeline({ processor, journal }: OwnPipelineOptions): OwnPipeline {
  if (journal !== undefined) {
    warn("OTEL_LIFECYCLE_JOURNAL has no effect without otlp in OTEL_TRACES_EXPORTER.");
  }
  return {
    spanProcessors: [processor],
    journal: undefined,
    pipeline: {
      processor,
      unsent: 0,
      failed: 0,
      flush: () => Promise.resolve(),
      flushSync: () => true,
    },
  };
}
