import { expect, test } from "vitest";
import { credentialsOf } from "../../src/backend/credentials.ts";
import { InputError } from "../../src/input/input-error.ts";

const url = new URL("http://127.0.0.1/");

test("headers come of the URL's user, the environment and the options, of which the later wins", () => {
  const { headers } = credentialsOf({
    options: ["x-b: of the option", "X-C:plain"],
    environment: "x-a=of%20the%20environment, X-B=of the environment,",
    url: new URL("http://me%40home:pass%3Aword@127.0.0.1/"),
  });
  expect(Object.fromEntries(headers)).toEqual({
    authorization: `Basic ${btoa("me@home:pass:word")}`,
    "x-a": "of the environment",
    "x-b": "of the option",
    "x-c": "plain",
  });
});

test.each([
  ["an option without a colon", ["s3cret"], "", '--header takes "Name: value", and has no colon'],
  [
    "a name with a blank",
    ["s3 cret: x"],
    "",
    "--header: a name of a header has signs that none may have",
  ],
  ["no name", [": s3cret"], "", "--header: a name of a header has signs that none may have"],
  [
    "a line break",
    ["x-a: s3cret\r\nx-b: y"],
    "",
    "--header: the value of x-a has signs that none may have",
  ],
  [
    "one past Latin-1",
    ["x-a: s3cret\u0100"],
    "",
    "--header: the value of x-a has signs that none may have",
  ],
  [
    "a pair without a sign",
    [],
    "s3cret",
    'WHY_CLOSED_HEADERS takes name=value,name=value, and has no "=" in one',
  ],
  ["a line break there", [], "x-a=s3cret%0a", undefined],
  [
    "a line break inside there",
    [],
    "x-a=s3%0acret",
    "WHY_CLOSED_HEADERS: the value of x-a has signs that none may have",
  ],
])("%s is one clear error that tells no secret", (_, options, environment, message) => {
  const read = () => credentialsOf({ options, environment, url });
  if (message === undefined) expect(read().headers).toEqual([["x-a", "s3cret"]]);
  else expect(read).toThrow(new InputError(message));
});
