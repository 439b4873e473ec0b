import { trace } from "@opentelemetry/api";
import { expect, test, vi } from "vitest";
import { disposeThreeDirectories } from "../otlp/three-directories.ts";
import { startApplication } from "./support/application.ts";
import { type Backend, startBackend } from "./support/backend.ts";
import { describeWith } from "./support/binary.ts";
import { type Collector, type CollectorOptions, startCollector } from "./support/collector.ts";
import { editedConfig } from "./support/edited-config.ts";
import { byId, isEvidence, withoutSchema } from "./support/evidence.ts";
import type { WholeSpan } from "./support/whole-span.ts";

interface Place {
  readonly backend: Backend;
  readonly gateway: Collector;
  readonly options: CollectorOptions;
}

/** A gateway with a backend of its own, so that a test sees which traces came to it. */
const startPlace = async (): Promise<Place> => {
  const backend = await startBackend();
  const options = {
    configs: ["gateway.yaml"],
    env: { LIFECYCLE_BACKEND: backend.url, LIFECYCLE_SAMPLING_PERCENTAGE: "100" },
  };
  return { backend, options, gateway: await startCollector(options) };
};

const startTier = (places: readonly Place[]): Promise<Collector> =>
  startCollector({
    configs: ["gateway-scaled.yaml"],
    env: {
      LIFECYCLE_GATEWAYS: JSON.stringify(
        places.map(({ gateway }) => `127.0.0.1:${gateway.ports.grpc}`),
      ),
    },
  });

/** Completed runs with a child each, every span a request of its own. */
const runMany = async (flush: () => Promise<void>, count: number): Promise<void> => {
  const host = trace.getTracer("host");
  for (let number = 0; number < count; number += 1) {
    const root = host.startSpan("GET /");
    host.startActiveSpan("GET /", (span) => {
      host.startSpan("query").end();
      span.end();
    });
    if (number % 10 === 0) await flush();
    root.end();
  }
  await flush();
};

const tracesOf = (spans: readonly WholeSpan[]): ReadonlySet<string> =>
  new Set(spans.map(({ traceId }) => traceId));

/** In a form in which both sides of the chain are equal, whichever way a span took. */
const comparable = (spans: readonly WholeSpan[]): readonly WholeSpan[] =>
  byId(spans.map((span) => (isEvidence(span) ? span : withoutSchema(span))));

describeWith(["otelcol"], "agent, first tier and gateways together", () => {
  test("from the agent through the tier and a gateway everything arrives, once and unaltered", async () => {
    const place = await startPlace();
    const tier = await startTier([place]);
    const agent = await startCollector({
      configs: ["agent.yaml"],
      env: { LIFECYCLE_GATEWAY: `127.0.0.1:${tier.ports.grpc}` },
    });
    const application = await startApplication({ url: agent.url });
    await disposeThreeDirectories();
    await application.flush();

    const sent = comparable(application.sent());
    await vi.waitFor(
      () => expect(place.backend.spans().length).toBeGreaterThanOrEqual(sent.length),
      { timeout: 15_000 },
    );
    expect(comparable(place.backend.spans())).toEqual(sent);
  });

  test("of two gateways each has whole traces, and both have some", async () => {
    const [one, other] = [await startPlace(), await startPlace()];
    const tier = await startTier([one, other]);
    const application = await startApplication({ url: tier.url });
    await disposeThreeDirectories();
    await runMany(application.flush, 40);

    const sent = application.sent();
    const arrived = () => [...one.backend.spans(), ...other.backend.spans()];
    await vi.waitFor(() => expect(arrived().length).toBeGreaterThanOrEqual(sent.length), {
      timeout: 15_000,
    });
    expect(comparable(arrived())).toEqual(comparable(sent));
    const traces = [tracesOf(one.backend.spans()), tracesOf(other.backend.spans())] as const;
    expect([...traces[0]].filter((id) => traces[1].has(id))).toEqual([]);
    expect(Math.min(traces[0].size, traces[1].size)).toBeGreaterThan(0);
  });

  test("with one gateway gone the other gets its traces at once, and what waits for the gone one arrives when it is back, all once", async () => {
    const [one, other] = [await startPlace(), await startPlace()];
    const tier = await startTier([one, other]);
    const application = await startApplication({ url: tier.url });
    await one.gateway.stop("SIGKILL");
    await runMany(application.flush, 40);

    const sent = comparable(application.sent());
    await vi.waitFor(() => expect(other.backend.spans().length).toBeGreaterThan(sent.length / 4), {
      timeout: 15_000,
    });
    expect(one.backend.spans()).toEqual([]);

    await startCollector({
      ...one.options,
      ports: one.gateway.ports,
      stateDir: one.gateway.stateDir,
    });
    const arrived = () => [...one.backend.spans(), ...other.backend.spans()];
    await vi.waitFor(() => expect(arrived().length).toBeGreaterThanOrEqual(sent.length), {
      timeout: 15_000,
    });
    expect(comparable(arrived())).toEqual(sent);
  });

  test("gateways found by name", async () => {
    const place = await startPlace();
    const tier = await startCollector({
      configs: [editedConfig("gateway-scaled.yaml", { on: ["DNS"], off: ["STATIC"] })],
      env: {
        LIFECYCLE_GATEWAYS_NAME: "127.0.0.1",
        LIFECYCLE_GATEWAYS_PORT: `${place.gateway.ports.grpc}`,
      },
    });
    const application = await startApplication({ url: tier.url });
    await runMany(application.flush, 1);
    const sent = comparable(application.sent());
    await vi.waitFor(() => expect(comparable(place.backend.spans())).toEqual(sent), {
      timeout: 15_000,
    });
  });
});
