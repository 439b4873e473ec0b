import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import type { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import type { Journal } from "@otel-lifecycle/sdk/journal";
import { inform } from "../diagnostics.ts";
import { loadBeside } from "../load-beside.ts";
import { attempt } from "../shutdown/attempt.ts";
import type { JournalEnvironment } from "./environment.ts";

/** The journal of this thread, as our own pipeline and the end of the process use it. */
export interface ProcessJournal {
  /** Told of the outcome of every export: what was acknowledged is done with. Never throws. */
  settled(spans: readonly ReadableSpan[], result: ExportResult): void;
  /** The process is about to go: what fails from here on is taken down. */
  ending(): void;
  /** Takes down what has ended and is not sent; gives how many the next start sends of all since `ending`. Never throws. */
  keep(): number;
  /** Recovers no more and closes the journal, which goes if nothing is in it. Never throws. */
  close(): void;
}

/** What a journal needs of the pipeline. */
export interface JournalledPipeline {
  readonly processor: LifecycleSpanProcessor;
  /** One of its own for what the dead have left. */
  readonly createExporter: () => SpanExporter;
  /** What has ended and was not acknowledged. */
  readonly unsent: () => readonly (readonly ReadableSpan[])[];
}

/** Opens a journal and recovers, once the application is under way, what the dead have left. */
export function keepJournal(
  environment: JournalEnvironment,
  { processor, createExporter, unsent }: JournalledPipeline,
): ProcessJournal {
  const recovery = new AbortController();
  let opened: Opened | undefined;
  let isEnding = false;
  let kept = 0;
  // What is left unsent is asked for more than once, and counts once.
  const seen = new WeakSet<ReadableSpan>();
  const spill = (spans: readonly ReadableSpan[]): void => {
    const fresh = spans.filter((span) => !seen.has(span));
    for (const span of fresh) seen.add(span);
    kept += opened?.journal.spill(fresh) ?? 0;
  };

  loadBeside<JournalModule>({
    what: "there is no journal",
    specifier: "@otel-lifecycle/sdk/journal",
    load: () => import("@otel-lifecycle/sdk/journal"),
    use: ({ openJournal }) => {
      if (recovery.signal.aborted) return;
      const journal = openJournal({
        ...environment,
        processor,
        recover: false,
        // The last flush does, and knows how the process ends.
        watchExit: false,
      });
      opened = { journal, tell: createTelling(journal) };
      recoverLater(journal, createExporter(), recovery.signal);
    },
  });

  return {
    settled: (spans, result) => {
      attempt("journal", () => {
        opened?.tell(spans, result);
        if (isEnding && result.code !== ExportResultCode.SUCCESS) spill(spans);
      });
    },
    ending: () => {
      isEnding = true;
    },
    keep: () => {
      if (opened !== undefined) attempt("journal", () => unsent().forEach(spill));
      return kept;
    },
    close: () => {
      recovery.abort();
      attempt("journal", () => opened?.journal.close());
    },
  };
}

type JournalModule = typeof import("@otel-lifecycle/sdk/journal");
type Telling = (spans: readonly ReadableSpan[], result: ExportResult) => void;

interface Opened {
  readonly journal: Journal;
  readonly tell: Telling;
}

/**
 * Tells the journal of exports by whatever way they went: through an exporter that gives the result
 * of the real one. Who exports through it else is told that it failed.
 */
function createTelling(journal: Journal): Telling {
  const failed: ExportResult = { code: ExportResultCode.FAILED };
  let current = failed;
  const exporter = journal.through<ReadableSpan>({
    export: (_spans, done) => done(current),
    shutdown: () => Promise.resolve(),
  });
  return (spans, result) => {
    current = result;
    try {
      exporter.export([...spans], () => undefined);
    } finally {
      current = failed;
    }
  };
}

/** Because the application's modules come first: those of an ES module take several turns to load. */
const START_MS = 100;

function recoverLater(journal: Journal, exporter: SpanExporter, signal: AbortSignal): void {
  // A timer, because an immediate that keeps nothing alive waits for the next event.
  setTimeout(() => void recover(journal, exporter, signal), START_MS).unref();
}

async function recover(
  journal: Journal,
  exporter: SpanExporter,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { journals, exported, lost } = await journal.recover(exporter, { signal });
    if (journals === 0) return;
    inform(`${exported} spans of ${journals} journals were recovered, with ${lost} lost runs.`);
  } catch (error) {
    attempt("recovery", () => {
      throw error;
    });
  }
}
