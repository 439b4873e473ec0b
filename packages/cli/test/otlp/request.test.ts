import { expect, test } from "vitest";
import { parseRequest } from "../../src/index.ts";
import { otherSpan, otlpLine, otlpRequest, stoppedRun, TRACE_ID } from "../otlp-builder.ts";

const RUN = stoppedRun(3, "r1", "01root", 0.2);

const READ_RUN = {
  traceId: TRACE_ID,
  spanId: "0000000000000003",
  name: "agent run",
  service: "agent",
  startTimeUnixNano: 1_700_000_000_003_000_000n,
  endTimeUnixNano: 1_700_000_001_003_000_000n,
  attributes: new Map<string, unknown>(Object.entries(RUN.attributes)),
};

function requestOf(span: object): string {
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
}

function lifecycleSpan(fields: object): object {
  return {
    traceId: TRACE_ID,
    spanId: "0000000000000003",
    attributes: [{ key: "lifecycle.run.result", value: { stringValue: "completed" } }],
    ...fields,
  };
}

function readBack(anyValue: unknown): unknown {
  const attributes = [
    { key: "lifecycle.run.result", value: { stringValue: "completed" } },
    { key: "lifecycle.read", value: anyValue },
  ];
  const request = parseRequest(requestOf(lifecycleSpan({ attributes })));
  return request.type === "traces" ? request.spans[0]?.attributes.get("lifecycle.read") : request;
}

test("a request gives its spans with lifecycle attributes, and no other", () => {
  expect(parseRequest(otlpLine(otherSpan(1), RUN))).toEqual({
    type: "traces",
    spans: [READ_RUN],
    rejected: 0,
  });
});

test("fields are read by their proto names too", () => {
  const json = otlpLine(RUN).replace(/"([a-z]+(?:[A-Z][a-z]+)+)":/g, (_, name: string) => {
    return `"${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}":`;
  });
  expect(json).toContain('"resource_spans"');
  expect(parseRequest(json)).toEqual({ type: "traces", spans: [READ_RUN], rejected: 0 });
});

test.each([
  ["digits in a string", "1700000000003000001", 1_700_000_000_003_000_001n],
  ["a number, as exact as a double is", 1_700_000_000_003_000_000, 1_700_000_000_003_000_064n],
  ["an exponent in a string", "1.7e18", 1_700_000_000_000_000_000n],
  ["the largest fixed64", "18446744073709551615", 18_446_744_073_709_551_615n],
  ["nothing", null, 0n],
  ["words", "yesterday", 0n],
  ["a negative number", -1, 0n],
  ["more than 64 bits", 1e300, 0n],
])("a time as %s", (_, startTimeUnixNano, expected) => {
  const request = parseRequest(requestOf(lifecycleSpan({ startTimeUnixNano })));
  expect(request).toMatchObject({ spans: [{ startTimeUnixNano: expected }] });
});

test.each([
  ["a string", { stringValue: "a" }, "a"],
  ["an empty string", { stringValue: "" }, ""],
  ["a truth", { boolValue: false }, false],
  ["an integer in a string", { intValue: "42" }, 42],
  ["an integer", { intValue: 42 }, 42],
  ["zero", { intValue: 0 }, 0],
  ["a double", { doubleValue: 0.25 }, 0.25],
  ["a double in a string", { doubleValue: "0.25" }, 0.25],
  ["no number", { doubleValue: "NaN" }, undefined],
  ["infinity", { doubleValue: "Infinity" }, undefined],
  [
    "strings",
    { arrayValue: { values: [{ stringValue: "a" }, { intValue: 1 }, { stringValue: "b" }] } },
    ["a", "b"],
  ],
  ["an empty array", { arrayValue: {} }, []],
  ["a map", { kvlistValue: { values: [] } }, undefined],
  ["bytes", { bytesValue: "AAAA" }, undefined],
  ["nothing", {}, undefined],
  ["null", null, undefined],
])("an attribute that holds %s", (_, anyValue, expected) => {
  expect(readBack(anyValue)).toEqual(expected);
});

test.each([
  ["upper-case hex", TRACE_ID.toUpperCase(), "00000000000000AB", "00000000000000ab"],
  ["base64", Buffer.from(TRACE_ID, "hex").toString("base64"), "AAAAAAAAAKs=", "00000000000000ab"],
])("ids in %s", (_, traceId, spanId, expected) => {
  expect(parseRequest(requestOf(lifecycleSpan({ traceId, spanId })))).toMatchObject({
    spans: [{ traceId: TRACE_ID, spanId: expected }],
    rejected: 0,
  });
});

test.each([
  ["no trace id", { traceId: undefined }],
  ["a short span id", { spanId: "0af7" }],
  ["a span id of zeros", { spanId: "0000000000000000" }],
  ["a span id that is no hex", { spanId: "000000000000000g" }],
  ["a number for an id", { spanId: 3 }],
])("a span with %s is rejected and counted", (_, fields) => {
  expect(parseRequest(requestOf(lifecycleSpan(fields)))).toEqual({
    type: "traces",
    spans: [],
    rejected: 1,
  });
});

test.each([["resourceLogs"], ["resourceMetrics"], ["resource_metrics"], ["resourceProfiles"]])(
  "%s is another signal",
  (name) => {
    expect(parseRequest(JSON.stringify({ [name]: [] }))).toEqual({ type: "other_signal" });
  },
);

test("an empty message is a request without spans", () => {
  expect(parseRequest("{}")).toEqual({ type: "traces", spans: [], rejected: 0 });
});

test.each([
  ["", "it is not valid JSON"],
  ["{", "it is not valid JSON"],
  ["[]", "it is not a JSON object"],
  ["null", "it is not a JSON object"],
  ['{"level":"info"}', "it has no resourceSpans"],
  ['{"resourceSpans":{}}', "resourceSpans is not a list"],
  ['{"resourceSpans":[1]}', "resourceSpans holds something that is not an object"],
  ['{"resourceSpans":[{"scopeSpans":"x"}]}', "scopeSpans is not a list"],
  [
    '{"resourceSpans":[{"scopeSpans":[{"spans":[null]}]}]}',
    "spans holds something that is not an object",
  ],
  ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":7}]}]}]}', "attributes is not a list"],
])("%s is not OTLP", (json, reason) => {
  expect(parseRequest(json)).toEqual({ type: "not_otlp", reason });
});

test("a hundred thousand open brackets are not OTLP", () => {
  const deep = { type: "not_otlp", reason: "it is not valid JSON" };
  expect(parseRequest("[".repeat(100_000))).toEqual(deep);
  expect(parseRequest('{"resourceSpans":'.repeat(100_000))).toEqual(deep);
});

test("prototype keys are keys like others", () => {
  const request = otlpRequest(RUN);
  const json = JSON.stringify(request).replace(
    '"kind":1',
    '"__proto__":{"polluted":true},"constructor":1',
  );
  expect(parseRequest(json)).toEqual({ type: "traces", spans: [READ_RUN], rejected: 0 });
  expect("polluted" in {}).toBe(false);
});
