import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { requireBinary } from "./binary.ts";
import { freePorts } from "./free-ports.ts";
import { type Running, startProcess } from "./process.ts";

/** Which files a Collector runs, and the environment that they read. */
export interface CollectorOptions {
  /** Files of `collector-config/`, or absolute paths; later ones are merged over earlier ones. */
  readonly configs: readonly string[];
  /** Beside the ports and the folder for state, which are chosen here. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder for its persistent queue, to be kept over a restart; else one of its own. */
  readonly stateDir?: string;
  /** Used instead of free ports, to come back where one was before. */
  readonly ports?: CollectorPorts;
}

export interface CollectorPorts {
  readonly grpc: number;
  readonly http: number;
  readonly health: number;
  readonly metrics: number;
  readonly self: number;
}

/** A Collector that runs and is ready. */
export interface Collector extends Running {
  readonly ports: CollectorPorts;
  /** Where OTLP/HTTP goes, without a path. */
  readonly url: string;
  /** Where Prometheus scrapes what its pipelines count. */
  readonly metricsUrl: string;
  readonly stateDir: string;
}

/** The folder of the committed configurations. */
export const CONFIGS: string = fileURLToPath(
  new URL("../../../collector-config/", import.meta.url),
);

/** Starts the real Collector on free ports; it goes when the test ends. */
export const startCollector = async (options: CollectorOptions): Promise<Collector> => {
  const ports = options.ports ?? (await freeCollectorPorts());
  const stateDir = options.stateDir ?? ownFolder();
  const running = await startProcess({
    binary: requireBinary("otelcol"),
    args: options.configs.flatMap((file) => [
      "--config",
      join(file.startsWith("/") ? "" : CONFIGS, file),
    ]),
    env: { ...environmentOf(ports), LIFECYCLE_STATE_DIR: stateDir, ...options.env },
    isReady: async () => (await fetch(`http://127.0.0.1:${ports.health}/`)).ok,
  });
  onTestFinished(() => running.stop("SIGKILL"));
  return {
    ...running,
    ports,
    stateDir,
    url: `http://127.0.0.1:${ports.http}`,
    metricsUrl: `http://127.0.0.1:${ports.metrics}/metrics`,
  };
};

const freeCollectorPorts = async (): Promise<CollectorPorts> => {
  const [grpc = 0, http = 0, health = 0, metrics = 0, self = 0] = await freePorts(5);
  return { grpc, http, health, metrics, self };
};

const environmentOf = (ports: CollectorPorts): Record<string, string> => ({
  LIFECYCLE_GRPC_PORT: `${ports.grpc}`,
  LIFECYCLE_HTTP_PORT: `${ports.http}`,
  LIFECYCLE_HEALTH_PORT: `${ports.health}`,
  LIFECYCLE_METRICS_PORT: `${ports.metrics}`,
  LIFECYCLE_SELF_PORT: `${ports.self}`,
});

const ownFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "otel-lifecycle-collector-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
