import {
  createNoopMeter,
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics,
  type UpDownCounter,
} from "@opentelemetry/api";
import {
  METRIC_ACTION_DURATION,
  METRIC_INTERRUPT_DURATION,
  METRIC_RUN_ACTIVE,
  METRIC_RUN_DURATION,
  SCHEMA_URL,
} from "@otel-lifecycle/api";
import { guarded, VERSION } from "@otel-lifecycle/api/internal";

/** The instruments of the conventions, of one meter provider. */
export interface Instruments {
  readonly runActive: UpDownCounter;
  readonly runDuration: Histogram;
  readonly actionDuration: Histogram;
  readonly interruptDuration: Histogram;
}

/**
 * Gives the instruments of the meter provider that is registered now, none without one. The API
 * has no proxy for meters, so one that is registered after us would never be found by a meter that
 * was kept; the instruments are kept beside their provider, because making them costs.
 */
export const createInstrumentSource = (): (() => Instruments | undefined) => {
  let provider: MeterProvider | undefined;
  let instruments: Instruments | undefined;
  return () => {
    const current = metrics.getMeterProvider();
    if (current !== provider) {
      provider = current;
      instruments = guarded("meter", () => createInstruments(current));
    }
    return instruments;
  };
};

/** In seconds: from a request to a job of hours. */
const RUN_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200];

/** In seconds: runs stop within milliseconds if all is well, and actions wait 10 s for them. */
const STOP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const createInstruments = (provider: MeterProvider): Instruments | undefined => {
  const meter = provider.getMeter("@otel-lifecycle/sdk", VERSION, { schemaUrl: SCHEMA_URL });
  // What the API gives where no provider is registered.
  if (meter === createNoopMeter()) return undefined;
  return {
    runActive: meter.createUpDownCounter(METRIC_RUN_ACTIVE, {
      description: "Runs in flight.",
      unit: "{run}",
    }),
    runDuration: seconds(meter, METRIC_RUN_DURATION, {
      description: "How long runs took, by how they ended and what closed them.",
      buckets: RUN_BUCKETS,
    }),
    actionDuration: seconds(meter, METRIC_ACTION_DURATION, {
      description: "How long lifecycle actions took until their runs had stopped.",
      buckets: STOP_BUCKETS,
    }),
    interruptDuration: seconds(meter, METRIC_INTERRUPT_DURATION, {
      description: "How long runs took to stop once an action had asked them.",
      buckets: STOP_BUCKETS,
    }),
  };
};

interface HistogramForm {
  readonly description: string;
  readonly buckets: readonly number[];
}

const seconds = (meter: Meter, name: string, { description, buckets }: HistogramForm): Histogram =>
  meter.createHistogram(name, {
    description,
    unit: "s",
    advice: { explicitBucketBoundaries: [...buckets] },
  });
