import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished, vi } from "vitest";
import { type OtlpSpan, spansOf } from "../../support/otlp-span.ts";
import { startCollector } from "./collector.ts";
import { type Jaeger, type JaegerOptions, startJaeger } from "./jaeger.ts";
import { tracesWith } from "./jaeger-api.ts";

/** The demo, played once, and where its spans are. */
export interface PlayedDemo {
  readonly jaeger: Jaeger;
  /** The requests as the demo's own receiver got them, one a line, beside the Collector. */
  readonly file: string;
  /** The same as spans. */
  readonly sent: readonly OtlpSpan[];
}

export const DEMO_SERVICE = "agent-server";

const DEMO = fileURLToPath(new URL("../../../examples/agent-server/dist/demo.js", import.meta.url));

/** Plays the demo through the gateway into a Jaeger, and waits until all of it is there. */
export const playDemo = async (options: JaegerOptions = {}): Promise<PlayedDemo> => {
  const jaeger = await startJaeger(options);
  const gateway = await startCollector({
    configs: ["gateway.yaml"],
    env: { LIFECYCLE_BACKEND: jaeger.otlpUrl, LIFECYCLE_SAMPLING_PERCENTAGE: "100" },
  });
  const folder = mkdtempSync(join(tmpdir(), "otel-lifecycle-demo-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "traces.jsonl");
  await promisify(execFile)(process.execPath, [DEMO, "--json", "--out", file], {
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: gateway.url },
  });
  const sent = spansOf(readFileSync(file, "utf8").trim().split("\n"));
  await vi.waitUntil(async () => (await countIn(jaeger)) >= sent.length, { timeout: 30_000 });
  return { jaeger, file, sent };
};

/** How many spans of the demo a Jaeger has. */
const countIn = async ({ url }: Jaeger): Promise<number> => {
  const traces = await tracesWith(url, DEMO_SERVICE, {});
  return traces.reduce((count, { spans }) => count + spans.length, 0);
};
