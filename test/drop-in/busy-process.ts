import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { startReceiver } from "why-closed";
import { type OtlpSpan, spansOf } from "../support/otlp-span.ts";
import { holdOpen } from "./load.ts";

/** How a server is started. */
export interface Start {
  /** Undefined: no handler of signals at all. */
  readonly graceMs?: number;
  readonly protocol: "http/protobuf" | "http/json";
}

/** What became of a request as its server saw it. */
export type Fate = "accepted" | "finished" | "left";

/** What a server wrote of each request that it was given, by path: the last word. */
export type Log = ReadonlyMap<string, Fate>;

/** How a server that was terminated with requests in flight ended. */
export interface Terminated {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it had written just before the signal was sent. */
  readonly before: Log;
  readonly after: Log;
  readonly stderr: string;
  /** All that arrived, in the order of arrival; one that came twice is there twice. */
  readonly spans: readonly OtlpSpan[];
}

/** Starts a server under the flag, holds requests open against it and terminates it. */
export const terminateUnderLoad = async ({ graceMs, protocol }: Start): Promise<Terminated> => {
  const receiver = await startReceiver({ port: 0 });
  const folder = mkdtempSync(join(tmpdir(), "otel-lifecycle-load-"));
  const log = join(folder, "log");
  const child = fork(SERVER, [log, ...(graceMs === undefined ? [] : [String(graceMs)])], {
    silent: true,
    execArgv: ["--import", "@otel-lifecycle/node/register"],
    cwd: INSTALLED,
    env: {
      PATH: process.env["PATH"],
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      // Far less is needed, but not on a machine that does six things more.
      OTEL_LIFECYCLE_SHUTDOWN_TIMEOUT: "30000",
    },
  });
  try {
    const exited = once(child, "exit");
    const stderr = child.stderr === null ? "" : text(child.stderr);
    const [{ port }] = (await once(child, "message")) as [AddressInfo];
    const load = holdOpen(`http://127.0.0.1:${port}`);
    await load.atFull;
    const before = read(log);
    child.kill("SIGTERM");
    const [code, signal] = await exited;
    await load.stop();
    const spans = spansOf(receiver.requests);
    return { code, signal, before, after: read(log), spans, stderr: await stderr };
  } finally {
    child.kill("SIGKILL");
    await receiver.close();
    rmSync(folder, { recursive: true });
  }
};

const SERVER = resolve(import.meta.dirname, "busy-server.mjs");
/** Where the flag's package and an instrumentation of HTTP are installed. */
const INSTALLED = resolve(import.meta.dirname, "../../examples/drop-in");

const read = (file: string): Log => {
  const words = readFileSync(file, "utf8").trim().split("\n");
  return new Map(words.map((line) => line.split(" ").reverse() as [string, Fate]));
};
