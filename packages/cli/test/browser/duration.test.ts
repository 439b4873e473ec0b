import { expect, test } from "vitest";
import { durationText } from "../../src/browser/duration.ts";

test.each([
  [0, "0 µs"],
  [0.9994, "999 µs"],
  [0.9995, "1 ms"],
  [2.54, "2.5 ms"],
  [9.94, "9.9 ms"],
  [9.95, "10 ms"],
  [100, "100 ms"],
  [999.4, "999 ms"],
  [999.5, "1 s"],
  [1234, "1.23 s"],
  [10_000, "10 s"],
  [59_949, "59.9 s"],
  [59_950, "1 min"],
  [125_000, "2 min 5 s"],
  [3_599_499, "59 min 59 s"],
  [3_599_500, "1 h"],
  [11_040_000, "3 h 4 min"],
  [86_369_999, "23 h 59 min"],
  [86_370_000, "1 d"],
  [93_600_000, "1 d 2 h"],
])("%d ms is %s", (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});
