import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-node";
import { thisHost } from "../../../src/journal/folder/host.ts";
import { newId } from "../../../src/journal/folder/names.ts";
import { encodeRecord, type RecordType } from "../../../src/journal/format/record.ts";

/** One record: type, number, body. */
export type Line = readonly [RecordType, number, unknown];

/** When the processes of these tests gave their last sign of life, in ms since the epoch. */
export const LAST_SIGN = 1_790_000_060_000;
/** When their spans began, in s. */
export const BEGAN = 1_790_000_000;

export const TRACE = "0af7651916cd43dd8448eb211c80319c";

/** A span id for a number. */
export const idOf = (n: number): string => n.toString(16).padStart(16, "0");

export const header = (changes: object = {}): Line => [
  "H",
  0,
  { v: 1, ...thisHost(), pid: 4_711, thread: 0, opened: 0, ...changes },
];

export const source = (n = 1, changes: object = {}): Line => [
  "S",
  n,
  {
    resource: { attributes: { "service.name": "shop", "process.pid": 4711 } },
    scope: { name: "@otel-lifecycle/api", version: "0.1.0" },
    ...changes,
  },
];

/** What the span with this number began with. */
export const start = (n: number, changes: object = {}) => ({
  src: 1,
  t: TRACE,
  s: idOf(n),
  f: 1,
  n: `span ${n}`,
  k: 0,
  st: [BEGAN, n],
  a: { "lifecycle.scope.kind": "process" },
  ...changes,
});

/** A run in the scopes 9 and 1, whose number on the thread's counter is ten times its own. */
export const run = (n: number, changes: object = {}, of: object = {}): Line => [
  "B",
  n,
  { ...start(n, of), r: { q: n * 10, sc: [9, 1], o: "api", ...changes } },
];

/** An action on scope 1. */
export const action = (n: number, changes: object = {}, of: object = {}): Line => [
  "B",
  n,
  {
    ...start(n, {
      n: "dispose_all process",
      a: {
        "lifecycle.action.id": `action-${n}`,
        "lifecycle.action.kind": "dispose_all",
        "lifecycle.action.trigger": "http",
      },
      ...of,
    }),
    c: { q: n * 10, id: `action-${n}`, sc: 1, asks: true, final: false, ...changes },
  },
];

export const ended = (n: number, changes: object = {}): Line => [
  "E",
  n,
  { et: [BEGAN + 5, n], a: { "lifecycle.run.result": "completed" }, ...changes },
];

/** A segment's bytes. */
export const segmentOf = (lines: readonly Line[]): Buffer =>
  Buffer.concat(lines.map(([type, n, body]) => encodeRecord(type, n, JSON.stringify(body))));

/** Writes the journal of a dead process, a segment for each list, and gives its id. */
export const leave = (
  directory: string,
  segments: readonly (readonly Line[] | Buffer)[],
  id: string = newId(),
): string => {
  const path = join(directory, id);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  segments.forEach((segment, index) => {
    const file = join(path, `${`${index + 1}`.padStart(8, "0")}.log`);
    writeFileSync(file, Buffer.isBuffer(segment) ? segment : segmentOf(segment as readonly Line[]));
    const seconds = (LAST_SIGN - (segments.length - 1 - index) * 1000) / 1000;
    utimesSync(file, seconds, seconds);
  });
  return id;
};

/** An exporter that keeps its batches, and answers with the codes that it is given, then with success. */
export const createExporter = (codes: number[] = []) => {
  const batches: ReadableSpan[][] = [];
  const exporter: SpanExporter = {
    export(spans, done) {
      const code = codes.shift() ?? 0;
      if (code === 0) batches.push(spans);
      done({ code });
    },
    shutdown: () => Promise.resolve(),
  };
  return { exporter, batches };
};
