import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UsageError } from "../usage-error.ts";

/** A Collector in a process of its own, ready. */
export interface CollectorProcess {
  /** Where OTLP/HTTP goes, without a path. */
  readonly url: string;
  /** The CPU time it has taken so far, user and system, in seconds. */
  readonly cpuSeconds: () => number;
  /** The memory that it holds, in MiB. */
  readonly residentMiB: () => number;
  /** The sum of one of its own metrics over all its series. */
  readonly metric: (name: string) => Promise<number>;
  readonly stop: () => Promise<void>;
}

interface Pins {
  readonly binaryOf: (name: "otelcol") => { readonly path: string; readonly isThere: boolean };
}

/** The binary of `pnpm backends`. Rejects with {@link UsageError} without one. */
export const requireCollector = async (): Promise<string> => {
  // Not compiled with this program: the script that builds it has to run from a clean clone.
  const pins = new URL("../../../scripts/backends/pins.mjs", import.meta.url).href;
  const { binaryOf }: Pins = await import(pins);
  const { path, isThere } = binaryOf("otelcol");
  if (!isThere) throw new UsageError(`no Collector at ${path}: build it with \`pnpm backends\``);
  return path;
};

// How Go collects garbage is the caller's to say, and the same for both sides of a pair.
const COLLECTION = Object.fromEntries(
  ["GOGC", "GOMEMLIMIT"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

/** Starts a configuration on free ports and with a folder of its own. */
export const startCollectorProcess = async (
  config: string,
  env: Readonly<Record<string, string>>,
): Promise<CollectorProcess> => {
  const binary = await requireCollector();
  const [grpc = 0, http = 0, health = 0, metrics = 0, self = 0] = await freePorts(5);
  const folder = mkdtempSync(join(tmpdir(), "otel-lifecycle-bench-"));
  const child = spawn(binary, ["--config", config], {
    stdio: ["ignore", "ignore", "ignore"],
    env: {
      ...COLLECTION,
      LIFECYCLE_GRPC_PORT: `${grpc}`,
      LIFECYCLE_HTTP_PORT: `${http}`,
      LIFECYCLE_HEALTH_PORT: `${health}`,
      LIFECYCLE_METRICS_PORT: `${metrics}`,
      LIFECYCLE_SELF_PORT: `${self}`,
      LIFECYCLE_STATE_DIR: folder,
      ...env,
    },
  });
  const closed = once(child, "close");
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await closed;
    rmSync(folder, { recursive: true, force: true });
  };
  const isReady = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${health}`)).ok;
  while (!(await isReady().catch(() => false))) {
    if (child.exitCode !== null) throw new Error(`${binary} --config ${config} does not start`);
    await delay(20);
  }
  return {
    url: `http://127.0.0.1:${http}`,
    cpuSeconds: () => cpuSecondsOf(child.pid),
    residentMiB: () => residentMiBOf(child.pid),
    metric: (name) => sumOf(`http://127.0.0.1:${self}/metrics`, name),
    stop,
  };
};

// The kernel counts in hundredths, whatever the machine's timer does.
const TICKS_PER_SECOND = 100;

const cpuSecondsOf = (pid: number | undefined): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // What follows the name of the program, which may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
};

const residentMiBOf = (pid: number | undefined): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

const sumOf = async (url: string, name: string): Promise<number> => {
  const page = await (await fetch(url)).text();
  return page
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
};

const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
};
