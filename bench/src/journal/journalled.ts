import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SpanExporter } from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { type Journal, openJournal } from "@otel-lifecycle/sdk/journal";
import { createLifecyclePipeline, type Pipeline, type PipelineOptions } from "../pipeline.ts";

/** A pipeline of ours, now with a journal and now without. */
export interface JournalledPipeline extends Pipeline {
  /** Does some of it while a journal is open, whose path it is given, and gives what was measured of that. */
  journalled<T>(step: (path: string) => T | Promise<T>): Promise<T>;
}

export const createJournalledPipeline = (options: PipelineOptions): JournalledPipeline => {
  const processor = new LifecycleSpanProcessor();
  let bare: SpanExporter | undefined;
  let current: SpanExporter | undefined;
  const through = (exporter: SpanExporter): SpanExporter => {
    bare = exporter;
    return {
      export: (spans, done) => (current ?? exporter).export(spans, done),
      shutdown: () => exporter.shutdown(),
    };
  };
  const pipeline = createLifecyclePipeline({ ...options, through }, processor);
  const open = (directory: string): Journal => {
    const journal = openJournal({ directory, processor, recover: false, watchExit: false });
    if (journal.path === undefined) throw new Error(`no journal could be opened in ${directory}`);
    if (bare !== undefined) current = journal.through(bare);
    return journal;
  };
  return {
    ...pipeline,
    journalled: async (step) => {
      const directory = mkdtempSync(join(tmpdir(), "bench-journal-"));
      const journal = open(directory);
      try {
        const taken = await step(journal.path ?? directory);
        await pipeline.flush();
        // One that was switched off meanwhile would have cost nothing.
        if (journal.path === undefined) throw new Error("the journal was switched off");
        return taken;
      } finally {
        current = undefined;
        journal.close();
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
};
