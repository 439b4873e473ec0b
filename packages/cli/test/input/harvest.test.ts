import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { type Harvest, readHarvest } from "../../src/input/harvest.ts";
import { completedRun, otlpLine, otlpRequest } from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";

const [ONE, TWO, THREE] = [completedRun(1, "r1"), completedRun(2, "r2"), completedRun(3, "r3")];
const SPANS = spansOf(ONE, TWO, THREE);
const WHOLE: Harvest = { spans: SPANS, requests: 3, rejected: 0, junk: undefined };
const REQUESTS = [otlpRequest(ONE), otlpRequest(TWO), otlpRequest(THREE)];
const LINES = [otlpLine(ONE), otlpLine(TWO), otlpLine(THREE)];

/** Reads a text in chunks of a few bytes, so that every boundary falls inside something. */
function harvestOf(text: string, chunkBytes = 7): Promise<Harvest> {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / chunkBytes);
  const chunks = Array.from({ length: count }, (_, at) =>
    bytes.subarray(at * chunkBytes, (at + 1) * chunkBytes),
  );
  return readHarvest(Readable.from(chunks));
}

test.each([
  ["one request a line", LINES.join("\n")],
  ["a line feed at the end", `${LINES.join("\n")}\n`],
  ["Windows line ends", `${LINES.join("\r\n")}\r\n`],
  ["blank lines", `\n\n${LINES.join("\n \n")}\n\n`],
  ["a byte order mark", `\uFEFF${LINES.join("\n")}`],
  ["several on one line", LINES.join("")],
  [
    "pretty-printed, one after the other",
    REQUESTS.map((request) => JSON.stringify(request, null, 2)).join("\n"),
  ],
  ["an array on one line", JSON.stringify(REQUESTS)],
  ["a pretty-printed array", JSON.stringify(REQUESTS, null, 2)],
  ["an array with a request a line", `[\n${LINES.join(",\n")}\n]\n`],
])("reads %s", async (_, text) => {
  expect(await harvestOf(text)).toEqual(WHOLE);
});

test("brackets, quotes, backslashes and line separators in names mean nothing", async () => {
  const names = ["}{][", 'a "quoted" \\', '\\\\"', "\u2028\u2029", "日本語 🙂"];
  const hostile = names.map((name, at) => ({ ...completedRun(at + 1, `r${at}`), name }));
  const text = hostile.map((span) => otlpLine(span)).join("\n");
  const { spans, junk } = await harvestOf(text);
  expect([spans.map((span) => span.name), junk]).toEqual([names, undefined]);
});

test("lines that are not OTLP are counted, the first with its number and reason", async () => {
  const text = [LINES[0], "2026-01-01 INFO started", LINES[1], '{"level":"info"}', LINES[2]].join(
    "\n",
  );
  expect(await harvestOf(text)).toEqual({
    ...WHOLE,
    junk: { lines: 2, line: 2, reason: "it is not valid JSON" },
  });
});

test.each([
  ["inside a string", '{"resourceSpans":[{"sc'],
  ["between tokens", '{"resourceSpans":['],
])("a line that was torn %s costs itself alone", async (_, torn) => {
  const text = [LINES[0], torn, LINES[1], LINES[2]].join("\n");
  expect(await harvestOf(text)).toEqual({
    ...WHOLE,
    junk: { lines: 1, line: 2, reason: "it is not valid JSON" },
  });
});

test("a document that ends too early is not OTLP, with all its lines", async () => {
  const pretty = JSON.stringify(REQUESTS[0], null, 2).split("\n");
  expect(await harvestOf(pretty.slice(0, 10).join("\n"))).toEqual({
    spans: [],
    requests: 0,
    rejected: 0,
    junk: { lines: 10, line: 1, reason: "it is not valid JSON" },
  });
});

test("logs and metrics in the same file are OTLP without spans", async () => {
  const text = ['{"resourceLogs":[]}', ...LINES, '{"resourceMetrics":[]}'].join("\n");
  expect(await harvestOf(text)).toEqual({ ...WHOLE, requests: 5 });
});

test("nothing at all is neither", async () => {
  expect(await harvestOf("")).toEqual({ spans: [], requests: 0, rejected: 0, junk: undefined });
});

test("a line of several megabytes is read once, not once a chunk", async () => {
  const long = otlpLine({ ...ONE, name: "x".repeat(8_000_000) });
  const { spans } = await harvestOf(`${long}\n${LINES[1]}`, 4096);
  expect(spans.map(({ name }) => name.length)).toEqual([8_000_000, "agent run".length]);
});
