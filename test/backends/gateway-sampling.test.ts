import { trace } from "@opentelemetry/api";
import { expect, test, vi } from "vitest";
import { startApplication } from "./support/application.ts";
import { startBackend } from "./support/backend.ts";
import { describeWith } from "./support/binary.ts";
import { startCollector } from "./support/collector.ts";
import { byId, withoutSchema } from "./support/evidence.ts";
import { numberedIds } from "./support/numbered-ids.ts";
import { scrape, total } from "./support/prometheus.ts";
import type { WholeSpan } from "./support/whole-span.ts";

const TRACES = 400;

/** Completed runs, one child each, through a gateway with this rate; resolves once all are decided. */
const passThrough = async (percentage: number) => {
  const backend = await startBackend();
  const gateway = await startCollector({
    configs: ["gateway.yaml"],
    env: {
      LIFECYCLE_BACKEND: backend.url,
      LIFECYCLE_SAMPLING_PERCENTAGE: `${percentage}`,
      LIFECYCLE_DECISION_WAIT: "1s",
    },
  });
  const application = await startApplication({ url: gateway.url, idGenerator: numberedIds() });
  const host = trace.getTracer("host");
  for (let number = 0; number < TRACES; number += 1) {
    host.startActiveSpan("GET /", (root) => {
      host.startSpan("query").end();
      root.end();
    });
  }
  await application.flush();
  await application.stop();
  const self = `http://127.0.0.1:${gateway.ports.self}/metrics`;
  const decided = async (sampled: "true" | "false") =>
    total(await scrape(self), "otelcol_processor_tail_sampling_global_count_traces_sampled", {
      sampled,
    });
  await vi.waitFor(
    async () => expect((await decided("true")) + (await decided("false"))).toBe(TRACES),
    { timeout: 15_000, interval: 100 },
  );
  const kept = 2 * (await decided("true"));
  await vi.waitFor(() => expect(backend.spans().length).toBeGreaterThanOrEqual(kept), {
    timeout: 10_000,
  });
  return { sent: application.sent(), arrived: backend.spans() };
};

const tracesOf = (spans: readonly WholeSpan[]): readonly string[] =>
  [...new Set(spans.map(({ traceId }) => traceId))].sort();

describeWith(["otelcol"], "ordinary traces leave the gateway at their rate", () => {
  test("none at 0 %", async () => {
    const { sent, arrived } = await passThrough(0);
    expect([sent.length, arrived]).toEqual([2 * TRACES, []]);
  });

  test("all at 100 %, each span once and as it was but for its schema URL", async () => {
    const { sent, arrived } = await passThrough(100);
    expect(byId(arrived)).toEqual(byId(sent.map(withoutSchema)));
  });

  test("half of them at 50 %, whole traces, and the same ones at every gateway", async () => {
    const { sent, arrived } = await passThrough(50);
    const kept = tracesOf(arrived);
    // Four standard deviations around the half; the ids are the same each time.
    expect(Math.abs(kept.length - TRACES / 2)).toBeLessThanOrEqual(40);
    expect(byId(arrived)).toEqual(
      byId(sent.filter(({ traceId }) => kept.includes(traceId)).map(withoutSchema)),
    );

    const other = await passThrough(50);
    expect(tracesOf(other.arrived)).toEqual(kept);
  });
});
