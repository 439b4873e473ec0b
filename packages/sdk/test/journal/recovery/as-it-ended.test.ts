import { type Link, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { startAction, startRun, withRun } from "@otel-lifecycle/api";
import { recoverJournals } from "@otel-lifecycle/sdk/journal";
import { afterEach, describe, expect, test } from "vitest";
import { type Receiver, startReceiver } from "why-closed";
import { setUp } from "../record/journalling.ts";

const open: Receiver[] = [];
afterEach(async () => {
  for (const receiver of open.splice(0)) await receiver.close();
});

const receive = async () => {
  const receiver = await startReceiver({ port: 0 });
  open.push(receiver);
  const exporter = new OTLPTraceExporter({ url: `${receiver.url}/v1/traces` });
  return { receiver, exporter };
};

/** All that was received, whole, with its spans in the order of their ids. */
const bodyOf = ({ requests }: Receiver) => {
  expect(requests).toHaveLength(1);
  const body = JSON.parse(requests[0] ?? "");
  for (const { scopeSpans } of body.resourceSpans) {
    for (const { spans } of scopeSpans) {
      spans.sort((a: { spanId: string }, b: { spanId: string }) => (a.spanId < b.spanId ? -1 : 1));
    }
    scopeSpans.sort((a: { scope: object }, b: { scope: object }) =>
      JSON.stringify(a.scope) < JSON.stringify(b.scope) ? -1 : 1,
    );
  }
  return body;
};

const sent = (spans: readonly ReadableSpan[], exporter: OTLPTraceExporter): Promise<void> =>
  new Promise((resolve, reject) => {
    exporter.export([...spans], ({ error }) => (error === undefined ? resolve() : reject(error)));
  });

describe("what had ended and was not acknowledged is exported as it ended (rule 24)", () => {
  test("to the byte as its own process would have sent it", async () => {
    const { directory, provider, journal, batches, tracer } = setUp({ code: 1 });
    const remote = {
      traceId: "a".repeat(32),
      spanId: "b".repeat(16),
      traceFlags: 1,
      isRemote: true,
    };
    const link: Link = { context: remote, attributes: { why: "because", many: [1, 2.5, 3] } };
    const parent = trace.setSpanContext(ROOT_CONTEXT, remote);
    await withRun({ name: "agent run", id: "one" }, async (run) => {
      run.span.setAttributes({
        text: 'é\u2028"',
        whole: 7,
        part: 0.5,
        yes: true,
        list: ["a", "b"],
      });
    });
    const root = tracer.startSpan(
      "POST /orders",
      { kind: SpanKind.SERVER, links: [link], attributes: { gone: 1, kept: "é" } },
      parent,
    );
    root.updateName("POST /orders/{id}");
    root.addEvent("seen", { count: 1 });
    root.addEvent("bare");
    root.addLink({ context: remote });
    root.setStatus({ code: SpanStatusCode.ERROR, message: "no" });
    root.end();
    const failing = startRun({ name: "fails" });
    failing.fail(new TypeError("x"));
    const covered = startRun({ name: "covered" });
    expect(covered.signal.aborted).toBe(false);
    const action = startAction({ kind: "dispose_all", scope: covered.scope });
    covered.fail(covered.signal.reason);
    action.end();
    await action.settled;
    await provider.forceFlush().catch(() => undefined);
    const live = batches.flatMap(({ spans }) => spans);
    expect(live.length).toBeGreaterThan(4);
    journal.close();

    const asLive = await receive();
    await sent(live, asLive.exporter);
    const recovered = await receive();
    const result = await recoverJournals(directory, recovered.exporter);
    expect(result).toMatchObject({ journals: 1, exported: live.length, lost: 0, isComplete: true });
    expect(bodyOf(recovered.receiver)).toEqual(bodyOf(asLive.receiver));
    expect(JSON.stringify(bodyOf(recovered.receiver))).toBe(
      JSON.stringify(bodyOf(asLive.receiver)),
    );
  });
});
