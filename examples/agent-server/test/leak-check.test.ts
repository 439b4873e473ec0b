import { expect, it } from "vitest";
import { leaks } from "../src/check/leak-check.ts";

const SECRETS = { directory: "/srv/shop", prompt: 'Say "hello"\n' };

it("finds no leak where no secret is", () => {
  expect(leaks(['{"key":"http.route"}', "{}"], SECRETS)).toEqual([]);
});

it("finds each secret wherever it stands, as JSON escapes it", () => {
  const requests = [
    JSON.stringify({ name: "read /srv/shop/notes" }),
    JSON.stringify({ value: 'Say "hello"\n' }),
    JSON.stringify({ "/srv/shop": true }),
  ];
  expect(leaks(requests, SECRETS)).toEqual([
    "directory is in 2 of 3 requests",
    "prompt is in 1 of 3 requests",
  ]);
});
