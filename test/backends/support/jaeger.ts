import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { requireBinary } from "./binary.ts";
import { freePorts } from "./free-ports.ts";
import { type Running, startProcess } from "./process.ts";

/** A Jaeger that keeps its traces in memory. */
export interface Jaeger extends Running {
  /** Where its query API is, with its base path if it has one. */
  readonly url: string;
  /** Where OTLP/HTTP goes, without a path. */
  readonly otlpUrl: string;
}

/** How a Jaeger differs from one that is started without a word. */
export interface JaegerOptions {
  /** The file that says how its UI looks. */
  readonly uiConfig?: string;
  /** The path below which its query API and its UI are, without a slash at its end. */
  readonly basePath?: string;
}

/** Starts the real Jaeger on free ports; it goes when the test ends. */
export const startJaeger = async (options: JaegerOptions = {}): Promise<Jaeger> => {
  const [otlp = 0, query = 0, queryGrpc = 0, health = 0, self = 0] = await freePorts(5);
  const folder = mkdtempSync(join(tmpdir(), "otel-lifecycle-jaeger-"));
  const config = join(folder, "jaeger.json");
  writeFileSync(
    config,
    JSON.stringify(configOf({ otlp, query, queryGrpc, health, self }, options)),
  );
  const running = await startProcess({
    binary: requireBinary("jaeger"),
    args: ["--config", config],
    isReady: async () => {
      const response = await fetch(`http://127.0.0.1:${health}/status`);
      return (await response.text()).includes('"healthy":true');
    },
  });
  onTestFinished(async () => {
    await running.stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...running,
    url: `http://127.0.0.1:${query}${options.basePath ?? ""}`,
    otlpUrl: `http://127.0.0.1:${otlp}`,
  };
};

interface Ports {
  readonly otlp: number;
  readonly query: number;
  readonly queryGrpc: number;
  readonly health: number;
  readonly self: number;
}

const configOf = (
  { otlp, query, queryGrpc, health, self }: Ports,
  { uiConfig, basePath }: JaegerOptions,
): object => ({
  extensions: {
    healthcheckv2: { use_v2: true, http: { endpoint: `127.0.0.1:${health}` } },
    jaeger_storage: { backends: { memory: { memory: { max_traces: 100_000 } } } },
    jaeger_query: {
      storage: { traces: "memory" },
      ...(uiConfig && { ui: { config_file: uiConfig } }),
      ...(basePath && { base_path: basePath }),
      http: { endpoint: `127.0.0.1:${query}` },
      grpc: { endpoint: `127.0.0.1:${queryGrpc}` },
    },
  },
  receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } } },
  exporters: { jaeger_storage_exporter: { trace_storage: "memory" } },
  service: {
    telemetry: {
      metrics: {
        readers: [{ pull: { exporter: { prometheus: { host: "127.0.0.1", port: self } } } }],
      },
    },
    extensions: ["healthcheckv2", "jaeger_storage", "jaeger_query"],
    pipelines: { traces: { receivers: ["otlp"], exporters: ["jaeger_storage_exporter"] } },
  },
});
