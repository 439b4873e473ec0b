import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { startReceiver } from "why-closed";
import { spansOf } from "../support/otlp-span.ts";
import { describeWith } from "./support/binary.ts";
import { startCollector } from "./support/collector.ts";
import { markOf, UNKNOWN } from "./support/marks.ts";
import { requestOf } from "./support/normaliser.ts";

const ARRIVES_WITHIN_MS = 10_000;

describeWith(["otelcol"], "a foreign mark in the whole gateway", () => {
  test("the marked span is evidence: it arrives, once, before anything is sampled", async () => {
    const backend = await startReceiver({ port: 0 });
    onTestFinished(() => backend.close());
    const { url } = await startCollector({
      configs: ["gateway.yaml"],
      // Whatever waits for the sampler's decision waits longer than this test.
      env: { LIFECYCLE_BACKEND: backend.url, LIFECYCLE_DECISION_WAIT: "60s" },
    });
    const interrupted = { key: "effect.fiber.interrupted", value: { boolValue: true } };
    const body = JSON.stringify(requestOf({ name: "fiber", attributes: [interrupted] }));
    const headers = { "content-type": "application/json" };
    await fetch(`${url}/v1/traces`, { method: "POST", headers, body });
    const deadline = performance.now() + ARRIVES_WITHIN_MS;
    while (spansOf(backend.requests).length === 0 && performance.now() < deadline) await delay(20);
    const spans = spansOf(backend.requests);
    expect(spans.map((span) => [span.name, span.status, markOf(span)])).toEqual([
      ["fiber", "UNSET", UNKNOWN],
    ]);
  });
});
