import { trace } from "@opentelemetry/api";
import { expect, test, vi } from "vitest";
import { disposeThreeDirectories } from "../otlp/three-directories.ts";
import { startApplication } from "./support/application.ts";
import { startBackend } from "./support/backend.ts";
import { describeWith } from "./support/binary.ts";
import { startCollector } from "./support/collector.ts";
import { post, postBody, requestOf, spanOf } from "./support/otlp-json.ts";
import { type Series, scrape } from "./support/prometheus.ts";

const RUNS = "lifecycle_spanmetrics_runs";
const ACTIONS = "lifecycle_spanmetrics_actions";

const startGateway = async () => {
  const backend = await startBackend();
  return startCollector({
    configs: ["gateway.yaml"],
    env: { LIFECYCLE_BACKEND: backend.url, LIFECYCLE_METRICS_FLUSH: "200ms" },
  });
};

/** Its counters or buckets as `labels: value`, sorted; `le` last. */
const rowsOf = (series: readonly Series[], name: string): readonly string[] =>
  series
    .filter((one) => one.name === name)
    .map(({ labels, value }) => {
      const texts = Object.entries(labels).map(([key, text]) => `${key}=${text}`);
      return `${texts.sort().join(" ")}: ${value}`;
    })
    .sort();

/** The bucket of each observation: how many are in it, without those below. */
const bucketsOf = (series: readonly Series[], result: string): Readonly<Record<string, number>> => {
  const rows = series
    .filter(({ name }) => name === `${RUNS}_duration_seconds_bucket`)
    .filter(({ labels }) => labels["lifecycle_run_result"] === result)
    .map(({ labels, value }) => ({ le: labels["le"] ?? "", value }))
    .sort((one, other) => Number(one.le.replace("+", "")) - Number(other.le.replace("+", "")));
  const counts = rows.map(({ le, value }, at) => [le, value - (rows[at - 1]?.value ?? 0)] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
};

describeWith(["otelcol"], "the gateway counts runs and actions before it samples", () => {
  test("dispose_all over three directories: each run and each action once, by how and by what it was closed", async () => {
    const gateway = await startGateway();
    const application = await startApplication({
      url: gateway.url,
      resource: { "service.instance.id": "one of many", "service.version": "1.2.3" },
    });
    await disposeThreeDirectories();
    await application.flush();

    const service = "service_name=app";
    const closed = "lifecycle_close_action_kind=dispose_all lifecycle_close_class=lifecycle_action";
    await vi.waitFor(
      async () => {
        const series = await scrape(gateway.metricsUrl);
        expect([
          rowsOf(series, `${RUNS}_calls_total`),
          rowsOf(series, `${ACTIONS}_calls_total`),
        ]).toEqual([
          [
            `lifecycle_close_class=error lifecycle_run_result=failed lifecycle_scope_kind=directory ${service}: 1`,
            `lifecycle_close_class=user_cancel lifecycle_run_result=interrupted lifecycle_scope_kind=directory ${service}: 1`,
            `${closed} lifecycle_run_result=interrupted lifecycle_scope_kind=directory ${service}: 6`,
            `lifecycle_run_result=completed lifecycle_scope_kind=directory ${service}: 2`,
            `lifecycle_run_result=completed lifecycle_scope_kind=process ${service}: 1`,
          ].sort(),
          [
            `lifecycle_action_kind=dispose lifecycle_action_result=completed lifecycle_action_trigger=runtime ${service}: 3`,
            `lifecycle_action_kind=dispose_all lifecycle_action_result=completed lifecycle_action_trigger=http ${service}: 1`,
          ],
        ]);
      },
      { timeout: 10_000, interval: 100 },
    );
  });

  test("a run of half a millisecond and one of over two hours are in their buckets, a bound in the one that it closes", async () => {
    const gateway = await startGateway();
    const application = await startApplication({ url: gateway.url });
    const start = Date.now() - 3 * 3600 * 1000;
    for (const milliseconds of [0.5, 100, 101, 3_599_999, 7_200_000, 7_200_001]) {
      trace
        .getTracer("host")
        .startSpan("job", { startTime: start })
        .end(start + milliseconds);
    }
    await application.flush();

    await vi.waitFor(
      async () =>
        expect(bucketsOf(await scrape(gateway.metricsUrl), "completed")).toEqual({
          "0.1": 2,
          "0.25": 1,
          "3600": 1,
          "7200": 1,
          "+Inf": 1,
        }),
      { timeout: 10_000, interval: 100 },
    );
  });

  test("a recovered run counts as lost, under that label alone; what the Collector inferred of a foreign span is no run", async () => {
    const gateway = await startGateway();
    await post(gateway.url, [
      // As recovery will export it.
      spanOf(1, 20, {
        "lifecycle.run.result": "lost",
        "lifecycle.close.class": "process_lost",
        "lifecycle.scope.kind": "process",
      }),
      // As the Collector leaves a span of another library: a class, no result.
      spanOf(2, 1, {
        "lifecycle.close.class": "unknown_scope_close",
        "lifecycle.close.via": "collector",
      }),
    ]);

    await vi.waitFor(
      async () => {
        const series = await scrape(gateway.metricsUrl);
        expect(rowsOf(series, `${RUNS}_calls_total`)).toEqual([
          "lifecycle_close_class=process_lost lifecycle_run_result=lost lifecycle_scope_kind=process service_name=app: 1",
        ]);
        expect([bucketsOf(series, "lost"), bucketsOf(series, "completed")]).toEqual([
          { "30": 1 },
          {},
        ]);
      },
      { timeout: 10_000, interval: 100 },
    );
  });

  test("an application that starts anew, and one beside it, count on in the same series", async () => {
    const gateway = await startGateway();
    for (const instance of ["one", "two", "one"]) {
      const body = JSON.parse(requestOf([spanOf(1, 1, { "lifecycle.run.result": "completed" })]));
      body.resourceSpans[0].resource.attributes.push({
        key: "service.instance.id",
        value: { stringValue: instance },
      });
      await postBody(gateway.url, JSON.stringify(body));
    }
    await vi.waitFor(
      async () =>
        expect(rowsOf(await scrape(gateway.metricsUrl), `${RUNS}_calls_total`)).toEqual([
          "lifecycle_run_result=completed service_name=app: 3",
        ]),
      { timeout: 10_000, interval: 100 },
    );
  });

  test("what exceeds the series of a service counts for that service", async () => {
    const gateway = await startGateway();
    const runs = (count: number) =>
      Array.from({ length: count }, (_, number) =>
        spanOf(number + 1, 1, {
          "lifecycle.run.result": "failed",
          "lifecycle.close.class": `class ${number}`,
        }),
      );
    await post(gateway.url, runs(2003), "one");
    await post(gateway.url, runs(2005), "other");

    await vi.waitFor(
      async () => {
        const series = await scrape(gateway.metricsUrl);
        const over = series.filter(({ labels }) => labels["otel_metric_overflow"] === "true");
        expect(rowsOf(over, `${RUNS}_calls_total`)).toEqual([
          "otel_metric_overflow=true service_name=one: 3",
          "otel_metric_overflow=true service_name=other: 5",
        ]);
        expect(series.filter(({ name }) => name === `${RUNS}_calls_total`).length).toBe(4002);
      },
      { timeout: 10_000, interval: 100 },
    );
  });

  test("no id and no name is a label; an exemplar leads from a bucket to the run's trace", async () => {
    const gateway = await startGateway();
    const application = await startApplication({ url: gateway.url });
    await disposeThreeDirectories();
    await application.flush();

    await vi.waitFor(
      async () => {
        const response = await fetch(gateway.metricsUrl, {
          headers: { accept: "application/openmetrics-text; version=1.0.0" },
        });
        const page = await response.text();
        const labels = new Set([...page.matchAll(/[{,](\w+)="/g)].map(([, label]) => label));
        expect([...labels].sort()).toEqual(
          [
            "le",
            "lifecycle_action_kind",
            "lifecycle_action_result",
            "lifecycle_action_trigger",
            "lifecycle_close_action_kind",
            "lifecycle_close_class",
            "lifecycle_run_result",
            "lifecycle_scope_kind",
            "service_name",
            // Of exemplars.
            "span_id",
            "trace_id",
          ].sort(),
        );
        const linked = [...page.matchAll(/# \{[^}]*trace_id="(\w+)"/g)].map(([, id]) => id);
        const sent = new Set(application.sent().map(({ traceId }) => traceId));
        expect([linked.length > 0, linked.filter((id) => !sent.has(id ?? ""))]).toEqual([true, []]);
      },
      { timeout: 10_000, interval: 50 },
    );
  });
});
