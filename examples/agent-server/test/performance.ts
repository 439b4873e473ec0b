import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DEMO = fileURLToPath(new URL("../dist/demo.js", import.meta.url));

export interface Performance {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What it did not clear away, by what it is. */
  readonly leftBehind: {
    readonly processes: boolean;
    readonly openPorts: readonly string[];
    readonly temporaryFiles: readonly string[];
  };
}

export interface PerformanceOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Interrupts it as Ctrl-C would, again and again, from when it has written this. */
  readonly interruptAt?: string;
}

/** Runs the built demo in a process group and a temporary folder of its own. */
export const perform = async (options: PerformanceOptions = {}): Promise<Performance> => {
  const { args = [], env = {}, interruptAt } = options;
  const temporary = await mkdtemp(join(tmpdir(), "demo-test-"));
  const demo = spawn(process.execPath, [DEMO, ...args], {
    detached: true,
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: undefined, TMPDIR: temporary, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  demo.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  demo.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (interruptAt !== undefined && stderr.includes(interruptAt)) demo.kill("SIGINT");
  });
  const pipesClosed = once(demo, "close");
  await once(demo, "exit");
  const processes = demo.pid !== undefined && isGroupAlive(demo.pid);
  // A process that was left behind would hold the pipes.
  if (!processes) await pipesClosed;
  const leftBehind = {
    processes,
    openPorts: await openAmong(stderr.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? []),
    temporaryFiles: await readdir(temporary),
  };
  await rm(temporary, { recursive: true });
  return { status: demo.exitCode, signal: demo.signalCode, stdout, stderr, leftBehind };
};

export const NOTHING: Performance["leftBehind"] = {
  processes: false,
  openPorts: [],
  temporaryFiles: [],
};

const isGroupAlive = (pid: number): boolean => {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
};

const openAmong = async (urls: readonly string[]): Promise<string[]> => {
  const answers = await Promise.all(
    urls.map((url) =>
      fetch(url).then(
        () => [url],
        () => [],
      ),
    ),
  );
  return answers.flat();
};
