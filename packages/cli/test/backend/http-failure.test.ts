import { expect, test } from "vitest";
import { failureSentence } from "../../src/backend/http-failure.ts";

// As fetch gives them: what went wrong is the cause, with a code, or the first of several causes.
const failed = (code: string) =>
  new TypeError("fetch failed", {
    cause: Object.assign(new Error("words of the library"), { code }),
  });

const UNTRUSTED = "NODE_EXTRA_CA_CERTS names a file with an authority of your own";

test.each([
  [
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    `its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT); ${UNTRUSTED}`,
  ],
  [
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    `its certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE); ${UNTRUSTED}`,
  ],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "its certificate is another host's (ERR_TLS_CERT_ALTNAME_INVALID)",
  ],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["ECONNRESET", "the connection was broken off"],
  ["EAI_AGAIN", "the host's name cannot be looked up now"],
  ["UND_ERR_CONNECT_TIMEOUT", "no connection within 10 s"],
  ["ESOMETHING", "no answer: words of the library"],
])("%s is said in words", (code, sentence) => {
  const call = { timeoutMs: 1000, url: new URL("https://h/") };
  expect(failureSentence(failed(code), call)).toBe(sentence);
});

test("a port that fetch refuses is said to be one", () => {
  const failure = new TypeError("fetch failed", { cause: new Error("bad port") });
  const call = { timeoutMs: 1000, url: new URL("http://h:6000/") };
  expect(failureSentence(failure, call)).toBe(
    "Node's fetch asks nothing at port 6000, which is another protocol's: give the backend another",
  );
});

test("of several addresses that fail alike the first one speaks", () => {
  const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const failure = new TypeError("fetch failed", { cause: new AggregateError([refused, refused]) });
  const call = { timeoutMs: 1000, url: new URL("http://h/") };
  expect(failureSentence(failure, call)).toBe("nothing listens there (connection refused)");
});
