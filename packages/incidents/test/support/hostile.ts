import fc from "fast-check";
import { SECRETS } from "./secrets.ts";

const anyPart = fc.string({ unit: "grapheme-ascii", minLength: 12, maxLength: 40 });

/** What must never leave the process: secrets, paths, prompts, tool inputs, what breaks terminals. */
export const anyPrivateText: fc.Arbitrary<string> = fc.oneof(
  ...Object.values(SECRETS),
  anyPart.map((part) => `/home/anna/${part}`),
  anyPart.map((part) => `C:\\Users\\anna\\${part}`),
  anyPart.map((part) => `https://example.com/${part}?token=${part}`),
  anyPart.map((part) => `Please tell anna@example.com that ${part}!`),
  anyPart.map((part) => JSON.stringify({ path: part, content: part })),
  anyPart.map((part) => `\u001b[2J\u0000${part}\r\n`),
  anyPart.map((part) => `\uD83D${part}\u2028`),
  fc.constant("the prompt of the user, over and over; ".repeat(30_000)),
);

/** The text as a value somewhere else than expected, or behind a trap. */
export const hostileFormsOf = (text: string): fc.Arbitrary<unknown> =>
  fc
    .constantFrom<() => unknown>(
      () => text,
      () => text,
      () => [text],
      () => ({ [text]: text, toString: () => text, toJSON: () => text }),
      () => Object.assign(() => text, { toJSON: () => text }),
      () => Symbol(text),
      () => new Map([[text, text]]),
      () => failing(text),
      () => nested(text),
      () => new Proxy({}, { get: () => text, ownKeys: () => [text], has: () => true }),
      () => ({
        get name(): string {
          throw new Error(text);
        },
        get code(): string {
          throw new Error(text);
        },
      }),
    )
    .map((make) => make());

/** An error that says the text wherever an error can, and is its own cause. */
const failing = (text: string): Error => {
  const error = Object.assign(new Error(text), { name: text, code: text, syscall: text });
  return Object.assign(error, { cause: nested(text), errors: [error, text] });
};

const nested = (text: string): Error =>
  new Error(text, { cause: Object.assign(new TypeError(text), { code: text }) });
