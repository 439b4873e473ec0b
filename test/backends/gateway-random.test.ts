import { setTimeout as delay } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { type Backend, startBackend } from "./support/backend.ts";
import { describeWith } from "./support/binary.ts";
import { type Collector, type CollectorOptions, startCollector } from "./support/collector.ts";
import { isEvidence } from "./support/evidence.ts";
import { type JsonSpan, post, requestOf } from "./support/otlp-json.ts";
import { randomNumbers, randomRequests } from "./support/random-traces.ts";
import { type WholeSpan, wholeSpansOf } from "./support/whole-span.ts";

// Another one: LIFECYCLE_TEST_SEED=… vitest run test/backends/gateway-random.test.ts
const SEED = Number(process.env["LIFECYCLE_TEST_SEED"] ?? 5);
const TRACES = 150;
const PAUSE_MS = 60;

/** A gateway with a backend of its own, and how often each span was sent to it and taken by it. */
interface Place {
  readonly backend: Backend;
  readonly options: CollectorOptions;
  readonly sent: Map<string, number>;
  readonly taken: Map<string, number>;
  gateway: Collector;
}

const startPlace = async (percentage: number): Promise<Place> => {
  const backend = await startBackend();
  const options = {
    configs: ["gateway.yaml"],
    env: {
      LIFECYCLE_BACKEND: backend.url,
      LIFECYCLE_SAMPLING_PERCENTAGE: `${percentage}`,
      LIFECYCLE_DECISION_WAIT: "1s",
      // The oldest traces are pushed out all the time.
      LIFECYCLE_NUM_TRACES: "40",
    },
  };
  const gateway = await startCollector(options);
  return { backend, options, gateway, sent: new Map(), taken: new Map() };
};

const countUp = (counts: Map<string, number>, spans: readonly JsonSpan[]): void => {
  for (const { spanId } of spans) counts.set(spanId, (counts.get(spanId) ?? 0) + 1);
};

/** As an exporter does: comes again until it is answered, and once more where it missed the answer. */
const exportTo = async (place: Place, spans: readonly JsonSpan[], again: boolean) => {
  for (let times = again ? 2 : 1; times > 0; ) {
    countUp(place.sent, spans);
    const response = await post(place.gateway.url, spans).catch(() => undefined);
    if (response?.ok) {
      countUp(place.taken, spans);
      times -= 1;
    } else await delay(20);
  }
};

const restart = async (place: Place, signal: NodeJS.Signals): Promise<void> => {
  const { ports, stateDir } = place.gateway;
  await place.gateway.stop(signal);
  place.gateway = await startCollector({ ...place.options, ports, stateDir });
};

const countsOf = (spans: readonly WholeSpan[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { spanId } of spans) counts.set(spanId, (counts.get(spanId) ?? 0) + 1);
  return counts;
};

/** Of which spans a place delivered fewer than it took, or more than it was sent and is allowed. */
const miscounted = (place: Place, evidence: ReadonlySet<string>, again: number) => {
  const { backend, sent, taken } = place;
  const arrived = countsOf(backend.spans());
  const lost = [...taken].filter(
    ([id, times]) => evidence.has(id) && (arrived.get(id) ?? 0) < times,
  );
  const extra = [...arrived].filter(([id, times]) => times > (sent.get(id) ?? 0) + again);
  return { lost, extra };
};

describeWith(
  ["otelcol"],
  "random traces in random pieces over two gateways, some sent twice",
  () => {
    for (const [percentage, signal] of [
      [0, "SIGTERM"],
      [10, "SIGKILL"],
      [100, undefined],
    ] as const) {
      const what = signal ? `one ended by ${signal} on the way` : "none ended";
      test(`at ${percentage} %, ${what}: no evidence is lost, nothing comes more often than it was sent, nothing is altered, seed ${SEED}`, async () => {
        const random = randomNumbers(SEED + percentage);
        const requests = randomRequests(random, TRACES);
        const one = await startPlace(percentage);
        const other = await startPlace(percentage);
        let restarted: Promise<void> | undefined;
        const exports: Promise<void>[] = [];
        for (const [at, spans] of requests.entries()) {
          if (signal && at === Math.floor(requests.length / 2)) restarted = restart(one, signal);
          exports.push(exportTo(random() < 0.5 ? one : other, spans, random() < 0.1));
          await delay(random() * PAUSE_MS);
        }
        await Promise.all([...exports, restarted]);

        const whole = wholeSpansOf(requests.map((spans) => requestOf(spans)));
        const sent = new Map(whole.map((span) => [span.spanId, span]));
        const evidence = new Set(whole.filter(isEvidence).map(({ spanId }) => spanId));
        const places = [one, other];
        const expected = { lost: [], extra: [] };
        // A batch whose answer the killed one had not noted yet.
        const again = signal === "SIGKILL" ? 1 : 0;
        const allIsThere = () => {
          for (const place of places) expect(miscounted(place, evidence, again)).toEqual(expected);
        };
        await vi.waitFor(allIsThere, { timeout: 10_000 });
        // What still waits for a decision goes now.
        for (const { gateway } of places) await gateway.stop();
        allIsThere();
        const arrived = places.flatMap(({ backend }) => backend.spans());
        expect(arrived).toEqual(arrived.map(({ spanId }) => sent.get(spanId)));
        expect(evidence.size).toBeGreaterThan(TRACES);
      });
    }
  },
);
