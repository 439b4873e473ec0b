import { context, createContextKey, ROOT_CONTEXT } from "@opentelemetry/api";
import { reportFailure } from "@otel-lifecycle/api/internal";
import type { ExportResult, SpanExporter } from "../sdk-export.ts";

/**
 * What became of one export: acknowledged; refused for good, whatever is sent again; or failed, for
 * now as far as anybody can tell.
 */
export type Answer = "accepted" | "refused" | "failed";

/**
 * Exports once, outside of every trace. Never rejects; pending for as long as the exporter is silent
 * and the signal not aborted.
 */
export const send = <T>(
  exporter: SpanExporter<T>,
  spans: T[],
  signal?: AbortSignal | undefined,
): Promise<Answer> =>
  new Promise((resolve) => {
    const stop = (): void => settle({ code: 1 });
    const settle = (result: ExportResult): void => {
      signal?.removeEventListener("abort", stop);
      resolve(answerOf(result));
    };
    signal?.addEventListener("abort", stop, { once: true });
    try {
      context.with(UNTRACED, () => exporter.export(spans, settle));
    } catch (error) {
      reportFailure("export of the journal", error);
      settle({ code: 1 });
    }
  });

const answerOf = ({ code, error }: ExportResult): Answer => {
  if (code === 0) return "accepted";
  return REFUSALS.has(Number(Object(error).code)) ? "refused" : "failed";
};

/**
 * Statuses that speak of the content (OTLP 1.x, "Failures": 400 is not to be retried; 413 and 422 are
 * what proxies say of it). A 401, 403 or 404 speaks of the set-up, which is mended, and then all goes.
 */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422]);

/** The SDKs' own key, so that an instrumented `http` does not trace the export. */
const UNTRACED = ROOT_CONTEXT.setValue(
  createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING"),
  true,
);
