import { METRIC_INTERRUPT_DURATION, METRIC_RUN_ACTIVE } from "@otel-lifecycle/api";
import { expect, test, vi } from "vitest";
import { startApplication } from "../backends/support/application.ts";
import { startBackend } from "../backends/support/backend.ts";
import { describeWith } from "../backends/support/binary.ts";
import { startCollector } from "../backends/support/collector.ts";
import { scrape } from "../backends/support/prometheus.ts";
import { disposeThreeDirectories } from "../otlp/three-directories.ts";

const startGateway = (backend: string, second: string) =>
  startCollector({
    configs: ["gateway.yaml", "compose/both-backends.yaml"],
    env: {
      LIFECYCLE_BACKEND: backend,
      LIFECYCLE_SECOND_BACKEND: second,
      LIFECYCLE_SAMPLING_PERCENTAGE: "0",
    },
  });

/** What an SDK sends of two of its instruments, with a service in the resource alone. */
const metricsRequest = (): object => {
  const times = {
    startTimeUnixNano: `${Date.now() - 1000}000000`,
    timeUnixNano: `${Date.now()}000000`,
  };
  const active = {
    name: METRIC_RUN_ACTIVE,
    unit: "{run}",
    sum: { aggregationTemporality: 2, isMonotonic: false, dataPoints: [{ ...times, asInt: "3" }] },
  };
  const point = { ...times, count: "2", sum: 0.5, explicitBounds: [1], bucketCounts: ["2", "0"] };
  const interrupt = {
    name: METRIC_INTERRUPT_DURATION,
    unit: "s",
    histogram: { aggregationTemporality: 2, dataPoints: [point] },
  };
  const attributes = [{ key: "service.name", value: { stringValue: "shop" } }];
  const scopeMetrics = [{ scope: { name: "sdk" }, metrics: [active, interrupt] }];
  return { resourceMetrics: [{ resource: { attributes }, scopeMetrics }] };
};

describeWith(["otelcol"], "the gateway of compose.yaml", () => {
  test("both backends get the evidence of a dispose_all, each span once", async () => {
    const [tempo, jaeger] = [await startBackend(), await startBackend()];
    const gateway = await startGateway(tempo.url, jaeger.url);
    const application = await startApplication({ url: gateway.url });
    await disposeThreeDirectories();
    await application.flush();

    const isEvidence = ({ attributes }: { attributes: Readonly<Record<string, unknown>> }) =>
      "lifecycle.close.class" in attributes || "lifecycle.action.id" in attributes;
    const idsOf = (spans: readonly { readonly spanId: string }[]): string[] =>
      spans.map(({ spanId }) => spanId).sort();
    const sent = application.sent().filter(isEvidence);
    expect(sent.length).toBeGreaterThan(4);
    await vi.waitFor(
      () => {
        for (const { spans } of [tempo, jaeger]) {
          expect(idsOf(spans().filter(isEvidence))).toEqual(idsOf(sent));
        }
      },
      { timeout: 15_000, interval: 50 },
    );
  });

  test("one backend gets everything while the other is down", async () => {
    const [tempo, jaeger] = [await startBackend(), await startBackend()];
    const gateway = await startGateway(tempo.url, jaeger.url);
    await tempo.close();
    const application = await startApplication({ url: gateway.url });
    await disposeThreeDirectories();
    await application.flush();

    const closed = (spans: readonly { readonly attributes: object }[]): number =>
      spans.filter(({ attributes }) => "lifecycle.close.class" in attributes).length;
    expect(closed(application.sent())).toBeGreaterThan(0);
    await vi.waitFor(() => expect(closed(jaeger.spans())).toBe(closed(application.sent())), {
      timeout: 15_000,
      interval: 50,
    });
  });

  test("the SDK's own metrics are exposed under the names and the label that the dashboard asks for", async () => {
    const backend = await startBackend();
    const gateway = await startGateway(backend.url, backend.url);
    const response = await fetch(`${gateway.url}/v1/metrics`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(metricsRequest()),
    });
    expect(response.status).toBe(200);

    await vi.waitFor(
      async () => {
        const series = (await scrape(gateway.metricsUrl))
          .filter(({ name }) => name.startsWith("lifecycle_"))
          .map(({ name, labels, value }) => [name, labels["service_name"], labels["le"], value]);
        expect(series).toEqual([
          ["lifecycle_interrupt_duration_seconds_bucket", "shop", "1", 2],
          ["lifecycle_interrupt_duration_seconds_bucket", "shop", "+Inf", 2],
          ["lifecycle_interrupt_duration_seconds_sum", "shop", undefined, 0.5],
          ["lifecycle_interrupt_duration_seconds_count", "shop", undefined, 2],
          ["lifecycle_run_active", "shop", undefined, 3],
        ]);
      },
      { timeout: 15_000, interval: 50 },
    );
  });
});
