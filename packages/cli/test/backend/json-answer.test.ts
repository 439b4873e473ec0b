import { expect, test } from "vitest";
import { jsonObjectsOf } from "../../src/backend/json-answer.ts";

test.each([
  ["one object", "{}", 1],
  ["one a line", '{"a":1}\n\n{"b":2}\n', 2],
  ["as many lines as are read", "{}\n".repeat(100_000), 100_000],
  ["a line more", "{}\n".repeat(100_001), undefined],
  ["an array in a line", "{}\n[]", undefined],
  ["a line that is cut off", "{}\n{", undefined],
  ["an array", "[]", undefined],
  ["nothing", "", undefined],
])("%s: objects of an answer", (_, text, objects) => {
  expect(jsonObjectsOf({ type: "whole", status: 200, text })?.length).toBe(objects);
});
