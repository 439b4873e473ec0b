import { expect, test } from "vitest";
import { traceAnswerOf, traceIdOf } from "../../src/backend/trace-answer.ts";
import { DISPOSAL } from "../disposal.ts";
import { otlpRequest, TRACE_ID } from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";

const WHOLE = { isWhole: true };

test("a trace may come in pieces", () => {
  const pieces = DISPOSAL.map((span) => otlpRequest(span));
  const spans = spansOf(...DISPOSAL);
  const answer = { type: "trace", spans, rejected: 0, isWhole: true };
  expect(traceAnswerOf(TRACE_ID, pieces, WHOLE)).toEqual(answer);
});

test("spans of a trace that was not asked for are left out: they would be followed", () => {
  const answer = { type: "trace", spans: [], rejected: 0, isWhole: true };
  expect(traceAnswerOf("f".repeat(32), [otlpRequest(...DISPOSAL)], WHOLE)).toEqual(answer);
});

test("something else is no trace", () => {
  expect(traceAnswerOf(TRACE_ID, [{ resourceSpans: 7 }], WHOLE)).toBeUndefined();
  expect(traceAnswerOf(TRACE_ID, [{ batches: [] }], WHOLE)).toBeUndefined();
});

test.each([
  ["1", "1".padStart(32, "0")],
  ["ABCDEF", "abcdef".padStart(32, "0")],
  ["f".repeat(32), "f".repeat(32)],
  ["f".repeat(33), undefined],
  ["0", undefined],
  ["", undefined],
  ["../services", undefined],
  [7, undefined],
])("the trace id %j is read as %j", (given, id) => {
  expect(traceIdOf(given)).toBe(id);
});
