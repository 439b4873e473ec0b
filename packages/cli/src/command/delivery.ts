import type { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { placeOf } from "../backend/backend-url.ts";
import { failureSentence } from "../backend/http-failure.ts";

type Span = Parameters<OTLPTraceExporter["export"]>[0][number];
type Result = Parameters<Parameters<OTLPTraceExporter["export"]>[1]>[0];

/** An exporter that remembers why its last export failed. */
export interface Delivery {
  readonly exporter: {
    export(spans: Span[], done: (result: Result) => void): void;
    shutdown(): Promise<void>;
  };
  /** In a sentence, without what may be a secret; undefined if the last export did not fail. */
  readonly failure: () => string | undefined;
}

/** Sends to a URL as the environment's OTEL_EXPORTER_OTLP_* say; loads what it needs for that only now. */
export async function deliveryTo(url: URL): Promise<Delivery> {
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-proto");
  const exporter = new OTLPTraceExporter({ url: url.href });
  let failure: string | undefined;
  return {
    exporter: {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          failure = result.code === 0 ? undefined : `${placeOf(url)}: ${reasonOf(result, url)}`;
          done(result);
        }),
      shutdown: () => exporter.shutdown(),
    },
    failure: () => failure,
  };
}

function reasonOf({ error }: Result, url: URL): string {
  if (error === undefined) return "no reason is known";
  // The exporter's own error, for what was answered: an HTTP status.
  const status = "code" in error && typeof error.code === "number" ? error.code : undefined;
  if (status === undefined) return failureSentence(error, { timeoutMs: 0, url });
  return status === 401 || status === 403
    ? `it refuses whoever sends (${status}): see OTEL_EXPORTER_OTLP_HEADERS`
    : `it answered with status ${status}`;
}
