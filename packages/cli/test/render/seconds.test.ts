import { expect, test } from "vitest";
import { secondsText } from "../../src/render/seconds.ts";

test.each([
  [-1, "0 ms"],
  [0, "0 ms"],
  [0.0004, "0 ms"],
  [0.035, "35 ms"],
  [0.0994, "99 ms"],
  [0.0995, "0.1 s"],
  [1.24, "1.2 s"],
  [59.94, "59.9 s"],
  [59.95, "1 min 0 s"],
  [125, "2 min 5 s"],
  [7200, "120 min 0 s"],
  [59_999_999_940, "999999999 min 0 s"],
  [59_999_999_999.5, "more than 1000 years"],
  [Number.MAX_VALUE, "more than 1000 years"],
])("%d seconds read %s", (seconds, text) => {
  expect(secondsText(seconds)).toBe(text);
});
