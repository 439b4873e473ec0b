import { context, trace } from "@opentelemetry/api";
import { AlwaysOffSampler } from "@opentelemetry/sdk-trace-node";
import { createScope, withAction, withRun } from "@otel-lifecycle/api";
import { lifecycleSampler } from "@otel-lifecycle/sdk";
import { expect, test, vi } from "vitest";
import { disposeThreeDirectories } from "../otlp/three-directories.ts";
import { startApplication } from "./support/application.ts";
import { startBackend } from "./support/backend.ts";
import { describeWith } from "./support/binary.ts";
import { startCollector } from "./support/collector.ts";
import { byId, isEvidence, withoutSchema } from "./support/evidence.ts";
import { post, spanOf } from "./support/otlp-json.ts";
import { scrape, total } from "./support/prometheus.ts";
import type { WholeSpan } from "./support/whole-span.ts";

/** A gateway that keeps no trace for its own sake, before a backend of its own. */
const startGateway = async (env: Readonly<Record<string, string>> = {}) => {
  const backend = await startBackend();
  const gateway = await startCollector({
    configs: ["gateway.yaml"],
    env: { LIFECYCLE_BACKEND: backend.url, LIFECYCLE_SAMPLING_PERCENTAGE: "0", ...env },
  });
  return { backend, gateway };
};

const tracesOf = (spans: readonly WholeSpan[]): ReadonlySet<string> =>
  new Set(spans.map(({ traceId }) => traceId));

describeWith(["otelcol"], "evidence passes the gateway whatever the sampling", () => {
  test("dispose_all over three directories at 0 %: each trace with evidence is whole, once, unaltered, and no other trace is there", async () => {
    const { backend, gateway } = await startGateway();
    const application = await startApplication({ url: gateway.url });
    await disposeThreeDirectories();
    await application.flush();

    const sent = application.sent();
    const evidence = sent.filter(isEvidence);
    const traces = tracesOf(evidence);
    const expected = sent.filter(({ traceId }) => traces.has(traceId));
    await vi.waitFor(() => expect(backend.spans().length).toBeGreaterThanOrEqual(expected.length), {
      timeout: 10_000,
    });

    const arrived = backend.spans();
    expect(byId(arrived.filter(isEvidence))).toEqual(byId(evidence));
    expect(byId(arrived.filter((span) => !isEvidence(span)))).toEqual(
      byId(expected.filter((span) => !isEvidence(span)).map(withoutSchema)),
    );
    // 8 runs that did not complete, 21 spans below them, 4 actions, 6 interrupt spans.
    expect([evidence.length, expected.length > evidence.length]).toEqual([39, true]);
    expect(sent.length).toBeGreaterThan(expected.length);
  });

  test("a run far longer than the decision wait: all evidence, and what ends after it, but not the children that had ended before", async () => {
    const { backend, gateway } = await startGateway({
      LIFECYCLE_DECISION_WAIT: "1s",
      // One trace pushes the other out, so what the sampler remembers is remembered elsewhere.
      LIFECYCLE_NUM_TRACES: "1",
    });
    const application = await startApplication({ url: gateway.url });
    const host = trace.getTracer("host");
    const scope = createScope({ kind: "instance" });

    const run = withRun({ name: "agent run", id: "long", scope }, async ({ signal }) => {
      host.startSpan("early").end();
      const model = host.startSpan("model");
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      model.end();
      throw signal.reason;
    });
    await application.flush();
    // Nothing decided for the early child within the wait, so the sampler has let its trace go.
    await vi.waitFor(
      async () => {
        const series = await scrape(`http://127.0.0.1:${gateway.ports.self}/metrics`);
        const name = "otelcol_processor_tail_sampling_global_count_traces_sampled";
        expect(total(series, name, { sampled: "false" })).toBe(1);
      },
      { timeout: 15_000, interval: 100 },
    );
    await withAction({ kind: "reload", scope }, (action) => action.asked);
    await run.catch(() => undefined);
    await application.flush();

    const evidence = application.sent().filter(isEvidence);
    expect(evidence.map(({ name }) => name).sort()).toEqual([
      "agent run",
      "interrupt agent run",
      "model",
      "reload instance",
    ]);
    await vi.waitFor(() => expect(byId(backend.spans())).toEqual(byId(evidence)), {
      timeout: 10_000,
    });

    // The trace is a kept one now.
    const [{ traceId = "" } = {}] = evidence.filter(({ name }) => name === "agent run");
    const parent = { traceId, spanId: "00000000000000aa", traceFlags: 1 };
    host.startSpan("late", {}, trace.setSpanContext(context.active(), parent)).end();
    await application.flush();
    await vi.waitFor(() => expect(backend.spans().map(({ name }) => name)).toContain("late"), {
      timeout: 10_000,
    });
    expect(backend.spans().map(({ name }) => name)).not.toContain("early");
  });

  test("an ordinary span beside any one kind of evidence is kept", async () => {
    const { backend, gateway } = await startGateway();
    const kinds = [
      { "lifecycle.close.class": "error" },
      { "lifecycle.close.inherited_class": "error" },
      { "lifecycle.action.id": "a1" },
      { "lifecycle.interrupt.result": "stopped" },
    ];
    const spans = kinds.flatMap((attributes, at) => {
      const { traceId } = spanOf(at + 1, 1);
      return [attributes, {}].map((of, second) => ({
        ...spanOf(2 * at + second + 1, 1, of),
        traceId,
      }));
    });
    await post(gateway.url, [...spans, spanOf(9, 1)]);
    await vi.waitFor(() => expect(backend.spans().length).toBeGreaterThanOrEqual(8), {
      timeout: 10_000,
    });
    expect(
      backend
        .spans()
        .map(({ spanId }) => spanId)
        .sort(),
    ).toEqual(spans.map(({ spanId }) => spanId).sort());
  });

  test("a run that the head sampler had dropped and the SDK rescued", async () => {
    const { backend, gateway } = await startGateway();
    const application = await startApplication({
      url: gateway.url,
      sampler: lifecycleSampler(new AlwaysOffSampler()),
    });
    const scope = createScope({ kind: "instance" });
    const run = withRun({ name: "agent run", scope }, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      throw signal.reason;
    });
    await withAction({ kind: "reload", scope }, (action) => action.asked);
    await run.catch(() => undefined);
    await application.flush();

    const sent = application.sent();
    // Without the sampled flag, by which nothing may go.
    expect(sent.map(({ attributes }) => attributes["lifecycle.sampling.rescued"])).toContain(true);
    expect(sent.filter(({ flags = 0 }) => flags % 2 === 1)).toEqual([]);
    await vi.waitFor(() => expect(byId(backend.spans())).toEqual(byId(sent)), { timeout: 10_000 });
  });
});
