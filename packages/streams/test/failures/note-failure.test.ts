import type { EvidenceFacts } from "@otel-lifecycle/api";
import { noteFailure } from "@otel-lifecycle/streams";
import { describe, expect, test } from "vitest";
import { brokenOff, listeningRun } from "../support/recorded.ts";

const errorWith = (fields: object, cause?: unknown) =>
  Object.assign(new Error("secret", { cause }), fields);
class APIError extends Error {
  readonly error = { type: "error", error: { type: "overloaded_error" } };
}
class APIUserAbortError extends Error {}
const cyclic = errorWith({});
cyclic.cause = cyclic;
const deep = (depth: number): Error =>
  depth === 1 ? errorWith({ code: "ECONNRESET" }) : new Error("around", { cause: deep(depth - 1) });
const hostile = new Proxy(new Error("x"), {
  get: () => {
    throw new Error("unreadable");
  },
});

const cases: readonly [title: string, error: unknown, type?: string, facts?: EvidenceFacts][] = [
  ["a body that broke off", brokenOff(), "transport_failure", {}],
  ["a connection that was reset", errorWith({ code: "ECONNRESET" }), "transport_failure", {}],
  [
    "a connection that was refused",
    new TypeError("fetch failed", { cause: errorWith({ code: "ECONNREFUSED" }) }),
    "transport_failure",
    {},
  ],
  ["a key that is missing", errorWith({ name: "AI_LoadAPIKeyError" }), "request_setup_failed", {}],
  [
    "a limit of connecting",
    new TypeError("fetch failed", { cause: errorWith({ code: "UND_ERR_CONNECT_TIMEOUT" }) }),
    "watchdog_fired",
    { watchdog: "connect" },
  ],
  [
    "a limit of the answer",
    errorWith({ code: "UND_ERR_HEADERS_TIMEOUT" }),
    "watchdog_fired",
    { watchdog: "unknown" },
  ],
  [
    "a limit between parts",
    errorWith({ code: "UND_ERR_BODY_TIMEOUT" }),
    "watchdog_fired",
    { watchdog: "silent_stream" },
  ],
  [
    "an answer of the AI SDK",
    errorWith({ statusCode: 429, data: { error: { type: "rate_limit_error" } } }),
    "provider_error",
    { status: 429, errorKind: "rate_limit_error" },
  ],
  [
    "an answer of OpenAI's client",
    errorWith({ status: 404, code: "model_not_found", type: "invalid_request_error" }),
    "provider_error",
    { status: 404, errorKind: "invalid_request_error" },
  ],
  ["an answer of the least status", errorWith({ status: 400 }), "provider_error", { status: 400 }],
  ["an answer of the greatest", errorWith({ status: 599 }), "provider_error", { status: 599 }],
  ["an answer that is none below", errorWith({ status: 399 })],
  ["an answer that is none above", errorWith({ status: 600 })],
  [
    "an error in a stream of the AI SDK",
    errorWith({ name: "AI_StreamProviderError", type: "server_error" }),
    "provider_error",
    { errorKind: "server_error" },
  ],
  [
    "an error in a stream of a client's",
    new APIError(),
    "provider_error",
    { errorKind: "overloaded_error" },
  ],
  [
    "the last of some tries",
    errorWith({ errors: [errorWith({ code: "ECONNRESET" }), errorWith({ statusCode: 503 })] }),
    "provider_error",
    { status: 503 },
  ],
  ["an abort", new DOMException("secret", "AbortError")],
  ["an abort that broke the connection", errorWith({ name: "AbortError" }, brokenOff())],
  ["an abort without a name of its own", new APIUserAbortError("secret")],
  ["a message that speaks of a reset", new Error("ECONNRESET: socket hang up")],
  ["the sixteenth cause", deep(16), "transport_failure", {}],
  ["the seventeenth", deep(17)],
  ["a cause of itself", cyclic],
  ["an error that cannot be read", hostile],
  ["no error", "ECONNRESET"],
  ["nothing", undefined],
];

describe("what an error proves", () => {
  test.each(cases)("%s", (_, error, type, facts) => {
    const run = listeningRun();
    noteFailure(run, error);
    expect(run.told).toEqual(type === undefined ? [] : [[type, { ...facts, error }]]);
  });
});
