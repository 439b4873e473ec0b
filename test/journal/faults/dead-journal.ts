import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InMemorySpanExporter, type ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { type RecoveryResult, recoverJournals } from "@otel-lifecycle/sdk/journal";
import { startHost } from "./host.ts";
import { ownDirectory } from "./world.ts";

/** What a process that was killed has left, in a directory of its own. */
export interface DeadJournal {
  readonly directory: string;
  /** The name of its journal there, and the whole path of the one segment. */
  readonly id: string;
  readonly segment: string;
  readonly bytes: Buffer;
}

/** Nobody listens there, so that nothing is acknowledged. */
const NOWHERE = "http://127.0.0.1:9/v1/traces";

/** Runs a, b, c, d began; a and c have completed, b and d were open when the process was killed. */
export const killedHost = (): Promise<Buffer> => (killed ??= kill());

// Once a file: a process takes its time to start.
let killed: Promise<Buffer> | undefined;

const kill = async (): Promise<Buffer> => {
  const directory = ownDirectory();
  const host = await startHost({ directory, url: NOWHERE });
  for (const name of ["a", "b", "c", "d"]) await host.begin(name);
  for (const name of ["a", "c"]) await host.end(name);
  await host.kill();
  return readFileSync(join(directory, readdirSync(directory)[0] ?? "", "00000001.log"));
};

/** A journal with this in its segment. */
export const deadWith = (bytes: Buffer): DeadJournal => {
  const directory = ownDirectory();
  const id = newId();
  const segment = join(directory, id, "00000001.log");
  mkdirSync(join(directory, id), { mode: 0o700 });
  writeFileSync(segment, bytes, { mode: 0o600 });
  // What has no header, and so no host, is left alone as long as it is fresh.
  utimesSync(segment, DIED, DIED);
  return { directory, id, segment, bytes };
};

const newId = (): string =>
  Array.from({ length: 20 }, () => Math.floor(Math.random() * 36).toString(36)).join("");

/** When the processes whose journals are copied showed the last sign of life. */
const DIED = new Date(Date.now() - 60_000);

/** What a recovery of a directory exports, and what it says of it. */
export interface Recovered {
  readonly result: RecoveryResult;
  readonly spans: readonly ReadableSpan[];
  /** Name and result of each, sorted. */
  readonly ends: readonly string[];
  /** What is left in the directory. */
  readonly left: readonly string[];
}

export const recovered = async (directory: string): Promise<Recovered> => {
  const exporter = new InMemorySpanExporter();
  const result = await recoverJournals(directory, exporter, { maxAttempts: 1 });
  const spans = exporter.getFinishedSpans();
  const ends = spans.map(({ name, attributes }) => `${name} ${attributes["lifecycle.run.result"]}`);
  return { result, spans, ends: ends.sort(), left: readdirSync(directory) };
};

/** A line of a segment, read by the page of the format alone. */
export interface Line {
  /** Where it begins, and where the next one does. */
  readonly start: number;
  readonly end: number;
  readonly type: string;
  readonly n: string;
  readonly body: { readonly n?: string };
}

/** What follows the last line feed is none. */
export const linesOf = (bytes: Buffer): readonly Line[] => {
  const lines: Line[] = [];
  for (let start = 0; ; ) {
    const end = bytes.indexOf("\n", start) + 1;
    if (end === 0) return lines;
    const text = bytes.toString("utf8", start, end - 1);
    const [, type = "", n = "", body = "null"] = /^[0-9a-f]{8} ([A-Z])(\d+) (.*)$/.exec(text) ?? [];
    lines.push({ start, end, type, n, body: JSON.parse(body) });
    start = end;
  }
};

/** What lines say: which runs there are, and which have ended. */
export const endsIn = (lines: readonly Line[]): readonly string[] => {
  const ended = new Set(lines.filter(({ type }) => type === "E").map(({ n }) => n));
  return lines
    .filter(({ type }) => type === "B")
    .map(({ n, body }) => `${body.n} ${ended.has(n) ? "completed" : "lost"}`)
    .sort();
};
