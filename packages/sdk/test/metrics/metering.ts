import { type Attributes, metrics } from "@opentelemetry/api";
import {
  type Histogram,
  MeterProvider,
  type MetricData,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import { afterEach } from "vitest";

/** A metric as a test compares it: points in the order of their attributes, sums without their times. */
export interface MetricDocument {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly PointDocument[];
}

/** A count, or of a histogram how many values there are, what their sum is, and the buckets. */
export interface PointDocument {
  readonly attributes: Attributes;
  readonly value: number | HistogramDocument;
}

interface HistogramDocument {
  readonly count: number;
  readonly boundaries: readonly number[];
  /** By the index of the bucket; empty ones are left out. */
  readonly filled: Readonly<Record<number, number>>;
}

/** Collects when asked, without a timer, because the tests fake time. */
class PullReader extends MetricReader {
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
}

/** A real meter provider, registered for the rest of the test, and what it exports by then. */
export const registerMeters = (): {
  readonly collect: () => Promise<readonly MetricDocument[]>;
} => {
  const reader = new PullReader();
  const provider = new MeterProvider({ readers: [reader] });
  metrics.disable();
  metrics.setGlobalMeterProvider(provider);
  const collect = async (): Promise<readonly MetricDocument[]> => {
    const { resourceMetrics } = await reader.collect();
    return resourceMetrics.scopeMetrics
      .filter(({ scope }) => scope.name === "@otel-lifecycle/sdk")
      .flatMap((scope) => scope.metrics.map(documentOf))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  };
  return { collect };
};

/** The points of one metric, none if it is not exported. */
export const pointsNamed = (
  documents: readonly MetricDocument[],
  name: string,
): readonly PointDocument[] => documents.find((one) => one.name === name)?.points ?? [];

/** The attributes of a metric's points, each with its value or its count of values. */
export const countsNamed = (documents: readonly MetricDocument[], name: string) =>
  pointsNamed(documents, name).map(({ attributes, value }) => ({
    ...attributes,
    count: typeof value === "number" ? value : value.count,
  }));

const documentOf = ({ descriptor, dataPoints }: MetricData): MetricDocument => ({
  name: descriptor.name,
  unit: descriptor.unit,
  points: [...dataPoints]
    .map(({ attributes, value }: { attributes: Attributes; value: unknown }) => ({
      attributes,
      // Ours are sums and histograms with explicit buckets.
      value: typeof value === "number" ? value : histogramOf(value as Histogram),
    }))
    .sort((one, other) => (textOf(one.attributes) < textOf(other.attributes) ? -1 : 1)),
});

const histogramOf = ({ count, buckets }: Histogram): HistogramDocument => ({
  count,
  boundaries: buckets.boundaries,
  filled: Object.fromEntries(Object.entries(buckets.counts).filter(([, filled]) => filled > 0)),
});

const textOf = (attributes: Attributes): string =>
  JSON.stringify(Object.entries(attributes).sort());

afterEach(() => metrics.disable());
