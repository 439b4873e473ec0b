import { gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { startBackend } from "./support/backend.ts";
import { describeWith } from "./support/binary.ts";
import { startCollector } from "./support/collector.ts";
import { post, postBody, requestOf, spanOf } from "./support/otlp-json.ts";
import { scrape, total } from "./support/prometheus.ts";

const BODY_LIMIT = 8 * 2 ** 20;

const start = async (env: Readonly<Record<string, string>> = {}) => {
  const backend = await startBackend();
  const gateway = await startCollector({
    configs: ["gateway.yaml"],
    env: { LIFECYCLE_BACKEND: backend.url, LIFECYCLE_SAMPLING_PERCENTAGE: "100", ...env },
  });
  return { backend, gateway };
};

/** A request of exactly so many bytes, blanks at its end. */
const bodyOf = (bytes: number): string => requestOf([spanOf(1, 1)]).padEnd(bytes, " ");

describeWith(["otelcol"], "the gateway bounds what it takes", () => {
  test("a body of 8 MiB is taken, one byte more is refused, and so is a small one that unpacks to more", async () => {
    const { gateway } = await start();
    const packed = await fetch(`${gateway.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: gzipSync(bodyOf(BODY_LIMIT + 1)),
    });
    expect([
      (await postBody(gateway.url, bodyOf(BODY_LIMIT))).status,
      (await postBody(gateway.url, bodyOf(BODY_LIMIT + 1))).status,
      packed.status,
    ]).toEqual([200, 400, 400]);
  });

  test("out of memory it refuses with 503, which exporters retry, stays up, and counts what it refused", async () => {
    // Less than the process takes when idle.
    const { backend, gateway } = await start({
      LIFECYCLE_MEMORY_MIB: "2",
      LIFECYCLE_MEMORY_SPIKE_MIB: "1",
    });
    await vi.waitFor(
      async () => expect((await post(gateway.url, [spanOf(1, 1)])).status).toBe(503),
      { timeout: 10_000, interval: 100 },
    );
    expect((await post(gateway.url, [spanOf(2, 1), spanOf(3, 1)])).status).toBe(503);

    const series = await scrape(`http://127.0.0.1:${gateway.ports.self}/metrics`);
    expect(total(series, "otelcol_receiver_refused_spans")).toBeGreaterThanOrEqual(3);
    expect((await fetch(`http://127.0.0.1:${gateway.ports.health}/`)).status).toBe(200);
    expect(backend.spans().filter(({ name }) => name !== "span 1")).toEqual([]);
  });

  test("with the queue of evidence full the sender is refused with 503, and a full queue of ordinary spans refuses no evidence", async () => {
    const evidence = { "lifecycle.close.class": "error", filler: "x".repeat(1000) };
    const ordinary = { filler: "x".repeat(1000) };
    const { backend, gateway } = await start({
      LIFECYCLE_EVIDENCE_QUEUE_BYTES: "20000",
      LIFECYCLE_SAMPLED_QUEUE_BYTES: "2000",
    });
    await backend.close();

    const answers: number[] = [];
    for (let number = 1; number <= 10; number += 1) {
      answers.push((await post(gateway.url, [spanOf(number, 1, ordinary)])).status);
    }
    const self = `http://127.0.0.1:${gateway.ports.self}/metrics`;
    await vi.waitFor(
      async () =>
        expect(
          total(await scrape(self), "otelcol_exporter_enqueue_failed_spans", {
            exporter: "otlp_http/sampled",
          }),
        ).toBeGreaterThan(0),
      { timeout: 10_000, interval: 100 },
    );
    for (let number = 11; number <= 40; number += 1) {
      answers.push((await post(gateway.url, [spanOf(number, 1, evidence)])).status);
    }
    // All ordinary ones were taken, then evidence up to the limit, then none.
    const taken = answers.filter((status) => status === 200).length;
    expect(answers).toEqual([
      ...Array.from({ length: taken }, () => 200),
      ...Array.from({ length: 40 - taken }, () => 503),
    ]);
    expect([taken > 20, taken < 40]).toEqual([true, true]);
  });
});
