import { getNumberFromEnv } from "@opentelemetry/core";
import type { BatchSpanProcessorOptions, SpanLimits } from "@opentelemetry/sdk-trace";
import { variable, warnOfValue } from "./variable.ts";

/** `OTEL_SPAN_*_LIMIT`, else `OTEL_ATTRIBUTE_*_LIMIT`, as `SpanLimits`. */
export const spanLimitsFromEnvironment = (): SpanLimits =>
  given<SpanLimits>({
    attributeCountLimit: limit("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT"),
    attributeValueLengthLimit: limit(
      "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
      "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    ),
    eventCountLimit: limit("OTEL_SPAN_EVENT_COUNT_LIMIT"),
    linkCountLimit: limit("OTEL_SPAN_LINK_COUNT_LIMIT"),
    attributePerEventCountLimit: limit(
      "OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT",
      "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
    ),
    attributePerLinkCountLimit: limit(
      "OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT",
      "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
    ),
  });

/** How the batch processor batches, and how many ended spans it holds. */
export type BatchLimits = Omit<BatchSpanProcessorOptions, "exporter"> & {
  readonly maxQueueSize: number;
};

/**
 * `OTEL_BSP_*`. The queue is 65,536 unless given: a dispose of everything ends its runs in one
 * turn, before the first batch can leave, and the SDK's 2,048 would drop what came last.
 */
export const batchLimitsFromEnvironment = (): BatchLimits => ({
  ...given<Omit<BatchSpanProcessorOptions, "exporter">>({
    scheduledDelayMillis: positive("OTEL_BSP_SCHEDULE_DELAY"),
    exportTimeoutMillis: positive("OTEL_BSP_EXPORT_TIMEOUT"),
    maxExportBatchSize: positive("OTEL_BSP_MAX_EXPORT_BATCH_SIZE"),
  }),
  maxQueueSize: positive("OTEL_BSP_MAX_QUEUE_SIZE") ?? 65_536,
});

/** Because the SDKs' options take no `undefined` for a value that is not given. */
type Sparse<T> = { readonly [K in keyof T]: T[K] | undefined };

const given = <T extends object>(values: Sparse<T>): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

function limit(...names: readonly string[]): number | undefined {
  const name = names.find((each) => variable(each) !== undefined);
  return name === undefined ? undefined : getNumberFromEnv(name);
}

function positive(name: string): number | undefined {
  if (variable(name) === undefined) return undefined;
  const number = getNumberFromEnv(name);
  // What is no number at all has had the SDK's own warning.
  if (number === undefined || number > 0) return number;
  warnOfValue(name, "a number greater than 0", "the default");
  return undefined;
}
