import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type OtlpSpan, spansOf } from "../support/otlp-span.ts";
import { describeWith } from "./support/binary.ts";
import { type Mark, marked, marksByCase, UNKNOWN } from "./support/marks.ts";
import { startNormaliser } from "./support/normaliser.ts";

const RECORDED = join(import.meta.dirname, "../apps/foreign/recorded");

/** What a language's OpenTelemetry had exported, and what came out of the Collector. */
const normalised = async (language: string) => {
  const body = readFileSync(join(RECORDED, language, "spans.json"), "utf8");
  const normaliser = await startNormaliser();
  const spans = await normaliser.normalise(JSON.parse(body));
  expect(normaliser.complaints()).toEqual([]);
  return { sent: spansOf([body]), marks: marksByCase(spans), spans };
};

const alone = (name: string, status: string, mark: Mark) => ({ [name]: [[name, status, mark]] });

const withoutMarks = (spans: readonly OtlpSpan[]) =>
  spans.map(({ attributes, statusMessage, ...span }) => ({
    ...span,
    // The Collector leaves out an empty one.
    statusMessage: statusMessage || undefined,
    attributes: Object.fromEntries(
      Object.entries(attributes).filter(([key]) => !key.startsWith("lifecycle.")),
    ),
  }));

describeWith(["otelcol"], "recorded spans behind the gateway's transform/normalise", () => {
  test("Python: asyncio's cancellation where a span caught it, timeouts, connections that broke", async () => {
    const timeout = marked("timeout", "low");
    const client = (name: string, status: string, mark: Mark) => ({
      [name]: [["GET", status, mark]],
    });
    expect((await normalised("python")).marks).toEqual({
      "asyncio, cancelled": [["with start_span()", "ERROR", UNKNOWN]],
      // This one ignores a CancelledError: nothing tells it from a success.
      "asyncio, cancelled in the current span": [["with start_as_current_span()", "UNSET", false]],
      "asyncio, cancelled, and swallowed": [["swallowed", "UNSET", false]],
      "asyncio, timed out": [["around a timeout", "ERROR", timeout]],
      ...client("aiohttp, cancelled", "ERROR", UNKNOWN),
      ...client("aiohttp, timed out", "ERROR", timeout),
      ...client("aiohttp, connection closed", "ERROR", marked("upstream_disconnect", "low")),
      // Its ClientOSError and httpx's ReadError name no reason.
      ...client("aiohttp, connection reset", "ERROR", false),
      ...client("httpx, cancelled", "UNSET", false),
      ...client("httpx, timed out", "ERROR", timeout),
      ...client("httpx, connection closed", "ERROR", false),
      ...client("httpx, connection reset", "ERROR", false),
      "grpc, deadline": [["/app.Agent/Never", "ERROR", marked("timeout", "medium")]],
    });
  });

  test("Java: futures, threads and reactive streams that were cancelled", async () => {
    expect((await normalised("java")).marks).toEqual({
      ...alone("future cancelled", "ERROR", UNKNOWN),
      ...alone("future timed out", "ERROR", marked("timeout", "low")),
      ...alone("thread interrupted", "ERROR", UNKNOWN),
      ...alone("failed", "ERROR", false),
      ...alone("mono cancelled", "UNSET", UNKNOWN),
    });
  });

  test("Go: a deadline has a type of its own, a cancelled context is any error", async () => {
    const { spans } = await normalised("go");
    expect(
      spans.map(({ name, attributes }) => [name, attributes["lifecycle.close.class"]]),
    ).toEqual([
      ["context cancelled", undefined],
      ["context timed out", "timeout"],
      ["HTTP GET", undefined],
      ["HTTP GET", "timeout"],
    ]);
  });

  test("Temporal: an activity that was cancelled, but none that fails with the word in its message", async () => {
    expect((await normalised("temporal")).marks).toEqual({
      ...alone("RunActivity:cancelled while it slept", "ERROR", UNKNOWN),
      ...alone("RunActivity:cancelled, and returned", "OK", false),
      ...alone("RunActivity:failed", "ERROR", false),
      ...alone("RunActivity:completed", "OK", false),
    });
  });

  test.each(["python", "java", "go", "temporal"])(
    "%s: a mark is added, and nothing else changed",
    async (language) => {
      const { sent, spans } = await normalised(language);
      expect(withoutMarks(spans)).toEqual(withoutMarks(sent));
    },
  );
});
