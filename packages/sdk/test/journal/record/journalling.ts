import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type TracerConfig,
} from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { type Journal, type JournalOptions, openJournal } from "@otel-lifecycle/sdk/journal";
import { afterEach } from "vitest";
import { registerProvider } from "../../tracing.ts";

const directories: string[] = [];
const open: Journal[] = [];

/** A new directory for journals, until the end of the test. */
export const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "journal-"));
  directories.push(directory);
  return directory;
};

/** An exporter that answers when, and what, a test says; until then it keeps what it was given. */
export const createExporter = (code: number | "later") => {
  const batches: { readonly spans: ReadableSpan[]; readonly answer: (code: number) => void }[] = [];
  const exporter: SpanExporter = {
    export(spans, done) {
      const answer = (given: number): void => done({ code: given });
      batches.push({ spans, answer });
      if (code !== "later") answer(code);
    },
    shutdown: () => Promise.resolve(),
  };
  return { exporter, batches };
};

/** A provider as the README sets it up, and its journal. */
export const setUp = ({
  code = 0,
  options = {},
  config = {},
}: {
  /** What the exporter answers at once. */
  readonly code?: number | "later";
  readonly options?: Partial<JournalOptions>;
  readonly config?: Omit<TracerConfig, "spanProcessors">;
} = {}) => {
  const directory = options.directory ?? newDirectory();
  const processor = options.processor ?? new LifecycleSpanProcessor();
  const journal = openJournal({ recover: false, ...options, directory, processor });
  open.push(journal);
  const { exporter, batches } = createExporter(code);
  const through = journal.through(exporter);
  const batch = new BatchSpanProcessor(through);
  const { provider, tracer } = registerProvider([processor, batch], config);
  return { directory, processor, journal, batches, provider, tracer, through };
};

/** A line of a journal. */
export interface Line {
  readonly type: string;
  readonly n: number;
  // Of the form of its type; a test says of which.
  readonly body: Record<string, unknown>;
}

/** The records of a journal, in the order in which they stand; without its header and sources. */
export const recordsOf = (path: string | undefined): readonly Line[] =>
  linesOf(path).filter(({ type }) => type !== "H" && type !== "S");

export const linesOf = (path: string | undefined): readonly Line[] => {
  if (path === undefined) throw new Error("expected a journal that is open");
  const segments = readdirSync(path).filter((name) => name.endsWith(".log"));
  return segments.sort().flatMap((name) =>
    readFileSync(join(path, name), "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => lineOf(line)),
  );
};

/** Type and number of each, as they stand in the file: `B1`. */
export const namesOf = (path: string | undefined): readonly string[] =>
  recordsOf(path).map(({ type, n, body }) => (type === "A" ? `A ${body}` : `${type}${n}`));

const lineOf = (line: string): Line => {
  const [, type = "", n = "", json = ""] = /^[0-9a-f]{8} ([A-Z])(\d+) (.*)$/s.exec(line) ?? [];
  return { type, n: Number(n), body: JSON.parse(json) };
};

afterEach(() => {
  for (const journal of open.splice(0)) journal.close();
  for (const directory of directories.splice(0))
    rmSync(directory, { recursive: true, force: true });
});
