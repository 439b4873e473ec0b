import type { SpanExporter } from "@opentelemetry/sdk-trace-node";
import { lifecycleSnapshot } from "@otel-lifecycle/api";
import { describe, expect, test } from "vitest";
import {
  answers,
  type Behaviour,
  type FaultyEndpoint,
  resets,
  resetsInAnswer,
  startFaultyEndpoint,
  takes,
} from "./endpoint.ts";
import { createWorld, pass, passUntil } from "./world.ts";

const MINUTE = 60_000;
/** The first pause, the longest one, and what the exporter itself takes. */
const SOON = 3 * MINUTE;
/** An answer after which the exporter does not try again itself. */
const LATER = { "retry-after": "3600" };

const names = (endpoint: FaultyEndpoint): readonly string[] =>
  endpoint.spans.map(({ name }) => name).sort();
const numbered = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `run ${String(at).padStart(3, "0")}`);

describe("what the endpoint did not take goes out when it takes again, while the process lives", () => {
  test("it was down from the start, and for minutes", async () => {
    const endpoint = await startFaultyEndpoint();
    await endpoint.goDown();
    const { complete, journal } = createWorld({ url: endpoint.url });
    complete("a", "b", "c");
    await pass(10 * MINUTE);
    await endpoint.comeBack();
    await passUntil(() => !journal.isNeeded, SOON);
    expect(names(endpoint)).toEqual(["a", "b", "c"]);
  });

  test("it was overloaded: it is asked in growing pauses, up to a minute", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(answers(503, LATER));
    const { complete, journal } = createWorld({ url: endpoint.url });
    complete("a");
    await pass(10 * MINUTE);
    // After 5 s by the batch processor, then after 1, 2, 4, 8, 16, 32 and each 60 s.
    expect(endpoint.requests).toBe(1 + 6 + 8);
    endpoint.behave(takes);
    await passUntil(() => !journal.isNeeded, SOON);
    expect(names(endpoint)).toEqual(["a"]);
  });

  test("a span of now finds it back, and the others follow at once", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(answers(429, LATER));
    const { complete, journal } = createWorld({ url: endpoint.url });
    complete("a", "b");
    await pass(5 * MINUTE);
    endpoint.behave(takes);
    complete("c");
    await passUntil(() => !journal.isNeeded, 10_000);
    expect(names(endpoint)).toEqual(["a", "b", "c"]);
  });

  test("what a full queue has dropped goes out, too", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(answers(503, LATER));
    const batches = { maxQueueSize: 8, maxExportBatchSize: 4, scheduledDelayMillis: 100 };
    const { complete, journal } = createWorld({ url: endpoint.url, batches });
    complete(...numbered(100));
    await pass(MINUTE);
    endpoint.behave(takes);
    await passUntil(() => !journal.isNeeded, SOON);
    expect(names(endpoint)).toEqual(numbered(100));
  });

  test("all of them, in more than one batch", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(answers(503, LATER));
    const { complete, journal } = createWorld({ url: endpoint.url });
    complete(...numbered(3_000));
    await pass(MINUTE);
    endpoint.behave(takes);
    await passUntil(() => !journal.isNeeded, SOON);
    expect(names(endpoint)).toEqual(numbered(3_000).toSorted());
  });

  test("those that the journal has moved from segment to segment meanwhile", async () => {
    const endpoint = await startFaultyEndpoint();
    const unlessHeld: Behaviour = (response, body) =>
      (body.includes("held") ? answers(503, LATER) : takes)(response, body);
    endpoint.behave(unlessHeld);
    const batches = { maxExportBatchSize: 64, scheduledDelayMillis: 50 };
    const { complete, journal } = createWorld({ url: endpoint.url, batches });
    const held = numbered(40).map((name) => `held ${name}`);
    complete(...held);
    await pass(1_000);
    for (let round = 0; round < 40; round += 1) {
      complete(...numbered(500));
      await pass(500);
    }
    endpoint.behave(takes);
    await passUntil(() => !journal.isNeeded, SOON);
    expect(names(endpoint).filter((name) => name.startsWith("held"))).toEqual(held);
    expect(endpoint.spans).toHaveLength(40 + 40 * 500);
  }, 60_000);
});

describe("what was delivered is delivered once", () => {
  test("but where the answer was lost: then it is the same span, to the last attribute", async () => {
    const endpoint = await startFaultyEndpoint();
    let times = 0;
    endpoint.behave((response, body) => {
      times += 1;
      // The exporter itself tries five times more, until all its time is over.
      return (times === 1 ? resets("took") : times < 7 ? resets("refused") : takes)(response, body);
    });
    const { complete, journal } = createWorld({ url: endpoint.url });
    complete("a");
    await passUntil(() => !journal.isNeeded, SOON);
    const [first, second, ...more] = endpoint.resourceSpans;
    expect(second).toEqual(first);
    expect({ times, more }).toEqual({ times: 7, more: [] });
  });

  test("an answer that breaks off after it had said yes is a yes", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(resetsInAnswer(200, "took"));
    const { complete, journal } = createWorld({ url: endpoint.url });
    complete("a");
    await passUntil(() => !journal.isNeeded, SOON);
    await pass(SOON);
    expect(names(endpoint)).toEqual(["a"]);
  });

  test("an answer that breaks off after it had said no is a no", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(resetsInAnswer(500, "refused"));
    const { complete, journal } = createWorld({ url: endpoint.url });
    complete("a");
    await passUntil(() => endpoint.requests > 1, SOON);
    endpoint.behave(takes);
    await passUntil(() => !journal.isNeeded, SOON);
    expect(names(endpoint)).toEqual(["a"]);
  });

  test("a partial success is an acknowledgement: what it rejects is not sent again", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave((response) => {
      response
        .setHeader("content-type", "application/json")
        .end(
          JSON.stringify({ partialSuccess: { rejectedSpans: 1, errorMessage: "one too many" } }),
        );
      return "took";
    });
    const { complete, journal } = createWorld({ url: endpoint.url });
    complete("a", "b");
    await passUntil(() => !journal.isNeeded, SOON);
    await pass(SOON);
    expect({ requests: endpoint.requests, names: names(endpoint) }).toEqual({
      requests: 1,
      names: ["a", "b"],
    });
  });

  test("though an exporter of the application's own sends the same again", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(answers(503, LATER));
    const again: (() => void)[] = [];
    const around = (inner: SpanExporter): SpanExporter => ({
      export: (spans, done) =>
        inner.export(spans, (result) => {
          if (result.code !== 0) again.push(() => inner.export(spans, () => undefined));
          done(result);
        }),
      shutdown: () => inner.shutdown(),
    });
    const { complete, journal } = createWorld({ url: endpoint.url, around });
    complete("a", "b");
    await pass(MINUTE);
    endpoint.behave(takes);
    await passUntil(() => !journal.isNeeded, SOON);
    expect(again).toHaveLength(1);
    for (const repeat of again) repeat();
    await pass(MINUTE);
    expect(names(endpoint)).toEqual(["a", "b"]);
  });
});

describe("one span that the endpoint refuses keeps no other from it", () => {
  const unlessPoison: Behaviour = (response, body) =>
    (body.includes("poison") ? answers(400) : takes)(response, body);
  const refusals = (): number => lifecycleSnapshot().bounded["refused span"] ?? 0;

  test("for good, and it is not kept for ever: it is counted, and said once", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(unlessPoison);
    const before = refusals();
    const { complete, journal } = createWorld({ url: endpoint.url });
    complete(...numbered(50), "poison", ...numbered(50));
    await pass(6_000);
    complete("fresh");
    await passUntil(() => !journal.isNeeded, 5 * MINUTE);
    expect(names(endpoint)).toEqual(["fresh", ...numbered(50), ...numbered(50)].toSorted());
    expect(refusals() - before).toBe(1);
  });

  test("an endpoint that refuses everything says nothing about a span", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(answers(400));
    const before = refusals();
    const { complete, journal } = createWorld({ url: endpoint.url });
    complete("a", "b", "c");
    await pass(10 * MINUTE);
    expect({ isNeeded: journal.isNeeded, refusals: refusals() - before }).toEqual({
      isNeeded: true,
      refusals: 0,
    });
  });

  test.each([401, 403, 404, 500])("a %i is mended one day", async (status) => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(answers(status));
    const { complete, journal } = createWorld({ url: endpoint.url });
    complete("a", "b", "c");
    await pass(5 * MINUTE);
    endpoint.behave(takes);
    await passUntil(() => !journal.isNeeded, SOON);
    expect(names(endpoint)).toEqual(["a", "b", "c"]);
  });
});

describe("an endpoint that comes too late", () => {
  test("its answer never comes: what it did not take goes out later", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(() => "refused");
    const { complete, journal } = createWorld({ url: endpoint.url, timeoutMillis: 50 });
    complete("a");
    await passUntil(() => endpoint.requests > 2, SOON);
    endpoint.behave(takes);
    await passUntil(() => !journal.isNeeded, SOON);
    expect(names(endpoint)).toEqual(["a"]);
  });

  test("it comes after the exporter gave up: the span is there twice, and the same", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave((response) => {
      response.socket?.once("close", () => response.end("{}"));
      return "took";
    });
    const { complete, journal } = createWorld({ url: endpoint.url, timeoutMillis: 50 });
    complete("a");
    await passUntil(() => endpoint.requests > 1, SOON);
    endpoint.behave(takes);
    await passUntil(() => !journal.isNeeded, SOON);
    const [first, ...more] = endpoint.resourceSpans;
    expect(more.length).toBeGreaterThan(0);
    for (const one of more) expect(one).toEqual(first);
  });
});

describe("it ends with the exporter", () => {
  test("after its shutdown nothing is sent any more, and the journal keeps what is left", async () => {
    const endpoint = await startFaultyEndpoint();
    endpoint.behave(answers(503, LATER));
    const { complete, journal, shutdown } = createWorld({ url: endpoint.url });
    complete("a");
    await pass(MINUTE);
    await shutdown();
    const { requests } = endpoint;
    await pass(5 * MINUTE);
    expect({ more: endpoint.requests - requests, isNeeded: journal.isNeeded }).toEqual({
      more: 0,
      isNeeded: true,
    });
  });
});
