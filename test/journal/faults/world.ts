import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, DiagLogLevel, diag, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  BatchSpanProcessor,
  type BufferConfig,
  NodeTracerProvider,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-node";
import { startRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { type Journal, openJournal } from "@otel-lifecycle/sdk/journal";
import { onTestFinished, vi } from "vitest";

/** A directory of its own, which goes with the test. Short, because the path of a socket is. */
export const ownDirectory = (): string => {
  const path = mkdtempSync(join(tmpdir(), "jf-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

/** A provider with a journal, in this process, on a clock that the test moves. */
export interface World {
  readonly journal: Journal;
  readonly warnings: readonly string[];
  /** Runs that complete, in this order. */
  complete(...names: readonly string[]): void;
  shutdown(): Promise<void>;
}

export interface WorldOptions {
  readonly url: string;
  readonly batches?: BufferConfig;
  /** What the application puts around the exporter with the journal. */
  readonly around?: (exporter: SpanExporter) => SpanExporter;
  /** How long the exporter waits for an answer, in ms of the real clock. */
  readonly timeoutMillis?: number;
}

export const createWorld = ({
  url,
  batches = {},
  around = (exporter) => exporter,
  timeoutMillis = 5_000,
}: WorldOptions): World => {
  // The timers alone, because sockets do not wait on them, and spans have the time of day.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const warnings = capturedWarnings();
  const processor = new LifecycleSpanProcessor();
  const journal = openJournal({ directory: ownDirectory(), processor });
  const exporter = around(journal.through(new OTLPTraceExporter({ url, timeoutMillis })));
  const provider = new NodeTracerProvider({
    spanProcessors: [processor, new BatchSpanProcessor(exporter, batches)],
  });
  provider.register({ contextManager: new AsyncLocalStorageContextManager(), propagator: null });
  onTestFinished(() => {
    journal.close();
    vi.useRealTimers();
    trace.disable();
    context.disable();
    diag.disable();
  });
  return {
    journal,
    warnings,
    complete: (...names) => {
      for (const name of names) startRun({ name }).end();
    },
    shutdown: () => provider.shutdown().catch(() => {}),
  };
};

/** What `diag` is given from now on, from warnings up. */
const capturedWarnings = (): readonly string[] => {
  const lines: string[] = [];
  const log = (...parts: unknown[]): void => void lines.push(parts.map(String).join(" "));
  const silent = (): void => undefined;
  const logger = { error: log, warn: log, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN });
  return lines;
};

/** Moves the clock on by `ms`, with time for what is on its way over sockets meanwhile. */
export const pass = async (ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    await vi.advanceTimersByTimeAsync(STEP_MS);
    await turns(2);
  }
};

/** Moves it on until `isSo`, by `limitMs` at most. Rejects if it is not so by then. */
export const passUntil = async (isSo: () => boolean, limitMs: number): Promise<void> => {
  for (let passed = 0; passed < limitMs && !isSo(); passed += STEP_MS) await pass(STEP_MS);
  if (!isSo()) throw new Error(`not so within ${limitMs} ms: ${isSo}`);
};

const STEP_MS = 1_000;

// Of the real event loop, in which requests are answered.
const turns = async (count: number): Promise<void> => {
  for (let at = 0; at < count; at += 1) {
    await new Promise((resolve) => realTimeout(resolve, 1));
  }
};

const realTimeout = setTimeout;
