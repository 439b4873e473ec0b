import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startReceiver } from "why-closed";
import { type OtlpSpan, spansOf } from "../../../../test/support/otlp-span.ts";

/** How a program ended, as its parent sees it. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What one program is run with. */
export interface ProgramOptions {
  /** The Node to run it on. Default: this one. */
  readonly node?: string;
  readonly args?: readonly string[];
  /** Node's own options. */
  readonly execArgv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A program that ran, and what it wrote. */
export interface Printed extends Ending {
  readonly stdout: string;
}

/** A program that ran watched, and what of it arrived. */
export interface Watched extends Printed {
  readonly spans: readonly OtlpSpan[];
}

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/${name}.mjs`, import.meta.url));

// Nodes from 22 on start in two thirds of the time with it.
const COMPILED = join(tmpdir(), "otel-lifecycle-compiled");

let serial = 0;

/** Runs a fixture as it is, without us. */
export const runPlain = async (name: string, options: ProgramOptions = {}): Promise<Printed> =>
  run([fixture(name)], options);

/** Runs a fixture watched, with a run in flight, and gives what it exported. */
export const runWatched = async (name: string, options: ProgramOptions = {}): Promise<Watched> =>
  runExporting((env) => run(["--import", PRELOAD, fixture(name)], { ...options, env }), options);

/** Runs a fixture that has another process, or a thread, watched: it finds what to preload in `PRELOAD`. */
export const runAround = async (name: string, options: ProgramOptions = {}): Promise<Watched> =>
  runExporting((env) => run([fixture(name)], { ...options, env: { ...env, PRELOAD } }), options);

const PRELOAD = fixture("watched");

const runExporting = async (
  start: (env: NodeJS.ProcessEnv) => Promise<Printed>,
  options: ProgramOptions,
): Promise<Watched> => {
  const receiver = await startReceiver({ port: 0 });
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    RUN_ID: `run-${(serial += 1)}`,
    ...options.env,
  };
  try {
    const ending = await start(env);
    return { ...ending, spans: spansOf(receiver.requests) };
  } finally {
    await receiver.close();
  }
};

const run = async (args: readonly string[], options: ProgramOptions): Promise<Printed> => {
  const { node = process.execPath, execArgv = [], env = {}, args: own = [] } = options;
  const child = spawn(node, [...execArgv, ...args, ...own], {
    env: { ...process.env, NODE_OPTIONS: "", NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ["ignore", "pipe", process.env["SHOW_STDERR"] ? "inherit" : "ignore"],
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout }));
  });
};

/** Of a shutdown: what set it off, and what became of the run in flight. */
export const accountOf = (spans: readonly OtlpSpan[]): unknown => {
  const run = spans.find(({ name }) => name === "agent run")?.attributes;
  const action = spans.find(({ name }) => name === "shutdown process")?.attributes;
  const of = (attributes: typeof run, names: readonly string[]): unknown =>
    attributes && Object.fromEntries(names.map((name) => [name, attributes[`lifecycle.${name}`]]));
  return {
    run: of(run, ["run.result", "close.class", "close.via", "close.action.kind"]),
    action: of(action, ["action.trigger", "action.signal", "action.operation"]),
    isLinked: run?.["lifecycle.close.action.id"] === action?.["lifecycle.action.id"],
  };
};

/** What `accountOf` gives where a shutdown ended the run in flight. */
export const interruptedBy = (
  trigger: string,
  { signal, operation }: { signal?: string; operation?: string },
): unknown => ({
  run: {
    "run.result": "interrupted",
    "close.class": "lifecycle_action",
    "close.via": "shutdown",
    "close.action.kind": "shutdown",
  },
  action: {
    "action.trigger": trigger,
    "action.signal": signal,
    "action.operation": operation,
  },
  isLinked: true,
});
