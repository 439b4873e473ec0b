import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startReceiver } from "why-closed";
import { startApp } from "../../support/app.ts";
import { type OtlpSpan, spansOf } from "../../support/otlp-span.ts";
import { startCollector } from "./collector.ts";

/** The gateway, seen right behind what turns foreign marks into our words. */
export interface Normaliser {
  /** Sends an OTLP body and gives the spans that came out, as many as went in. */
  readonly normalise: (body: object) => Promise<readonly OtlpSpan[]>;
  /** Runs a program of `test/apps` to its end and gives the spans that came out. */
  readonly spansOfApp: (app: string, program: string) => Promise<readonly OtlpSpan[]>;
  /** What the Collector has complained of so far. */
  readonly complaints: () => readonly string[];
}

/** Starts `gateway.yaml` as it stands, with a pipeline beside its own that ends after `transform/normalise`. */
export const startNormaliser = async (): Promise<Normaliser> => {
  const receiver = await startReceiver({ port: 0 });
  onTestFinished(() => receiver.close());
  const collector = await startCollector({
    configs: ["gateway.yaml", pipelineTo(receiver.url)],
    env: { LIFECYCLE_BACKEND: "http://127.0.0.1:1" },
  });
  let taken = 0;
  // The exporter has no queue, so whoever sent has an answer only once all has arrived.
  const arrived = (): readonly OtlpSpan[] => {
    const requests = receiver.requests.slice(taken);
    taken += requests.length;
    return spansOf(requests);
  };
  return {
    normalise: async (body) => {
      await post(collector.url, body);
      return arrived();
    },
    spansOfApp: async (app, program) => {
      const running = await startApp({
        app,
        program,
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
      });
      const { code, stderr } = await running.ended();
      if (code !== 0) throw new Error(`${app}/${program} ended with ${code}: ${stderr}`);
      return arrived();
    },
    complaints: () =>
      collector
        .output()
        .split("\n")
        .filter((line) => line.includes("transform/normalise") && /\t(?:warn|error)\t/.test(line)),
  };
};

/** A request with these spans; times, ids and whatever else OTLP wants are filled in. */
export const requestOf = (...spans: readonly object[]): object =>
  requestOfScope("application", ...spans);

/** The same with the name of the instrumentation scope that made them. */
export const requestOfScope = (scope: string, ...spans: readonly object[]): object => ({
  resourceSpans: [
    {
      scopeSpans: [
        { scope: { name: scope }, spans: spans.map((span) => ({ ...FILLED, ...span })) },
      ],
    },
  ],
});

const FILLED = {
  traceId: "0102030405060708090a0b0c0d0e0f10",
  spanId: "0102030405060708",
  name: "span",
  kind: 1,
  startTimeUnixNano: "1000000000",
  endTimeUnixNano: "2000000000",
};

const post = async (url: string, body: object): Promise<void> => {
  const response = await fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
};

const pipelineTo = (endpoint: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "otel-lifecycle-marks-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = {
    exporters: {
      "otlp_http/marks": { endpoint, encoding: "json", sending_queue: { enabled: false } },
    },
    service: {
      pipelines: {
        "traces/marks": {
          receivers: ["otlp"],
          processors: ["transform/normalise"],
          exporters: ["otlp_http/marks"],
        },
      },
    },
  };
  const file = join(folder, "marks.json");
  writeFileSync(file, JSON.stringify(config));
  return file;
};
