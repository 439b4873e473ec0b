import fc from "fast-check";

const DIGITS = "0123456789";
const CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LETTERS = CAPITALS + CAPITALS.toLowerCase();
const BASE62 = LETTERS + DIGITS;
const BASE64_URL = `${BASE62}-_`;
const HEX = "0123456789abcdef";

const some = (alphabet: string, length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...alphabet),
    minLength: length,
    maxLength: length,
  });
const after = (prefix: string, alphabet: string, length: number): fc.Arbitrary<string> =>
  some(alphabet, length).map((rest) => prefix + rest);
const json64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Secrets and other private things in the forms in which they are really issued. */
export const SECRETS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  "an AWS access key": after("AKIA", `${CAPITALS}234567`, 16),
  "an AWS secret": some(`${BASE62}+/`, 40),
  "a GitHub token": after("ghp_", BASE62, 36),
  "a fine-grained GitHub token": fc
    .tuple(some(BASE62, 22), some(BASE62, 59))
    .map(([id, rest]) => `github_pat_${id}_${rest}`),
  "an OpenAI key": after("sk-", BASE62, 48),
  "an OpenAI project's key": after("sk-proj-", BASE64_URL, 156),
  "an Anthropic key": after("sk-ant-api03-", BASE64_URL, 95),
  "a Google key": after("AIza", BASE64_URL, 35),
  "a Google client's secret": after("GOCSPX-", BASE64_URL, 28),
  "a Slack token": fc
    .tuple(some(DIGITS, 12), some(DIGITS, 12), some(BASE62, 24))
    .map(([team, bot, rest]) => `xoxb-${team}-${bot}-${rest}`),
  "an older Stripe key": after("sk_live_", BASE62, 24),
  "a Stripe key": after("sk_live_", BASE62, 99),
  "an npm token": after("npm_", BASE62, 36),
  "a JSON web token": some(BASE64_URL, 43).map(
    (signature) => `${json64({ alg: "HS256", typ: "JWT" })}.${json64({ sub: "42" })}.${signature}`,
  ),
  "a bearer token": after("Bearer ", BASE64_URL, 40),
  "a UUID": fc.uuid(),
  "an MD5 digest": some(HEX, 32),
  "a SHA-256 digest": some(HEX, 64),
  "a PEM block": some(`${BASE62}+/`, 64).map(
    (line) => `-----BEGIN PRIVATE KEY-----\n${line}\n-----END PRIVATE KEY-----`,
  ),
  "a connection string": some(BASE62, 12).map((password) => `postgres://app:${password}@db/main`),
};
