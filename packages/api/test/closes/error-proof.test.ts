import {
  createScope,
  lifecycleSnapshot,
  startAction,
  startRun,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { afterEach, describe, expect, test } from "vitest";
import { registerHarvest } from "../support/harvest.ts";
import { type PlainClose, plainClose } from "../support/plain-close.ts";

const harvest = registerHarvest();
afterEach(() => harvest.reset());

/** How a run that nobody asked is closed by an error. */
const closedBy = (error: unknown): PlainClose | undefined => {
  const run = startRun({ name: "agent run" });
  run.fail(error);
  return plainClose(run);
};
const error = (properties: object = {}) => Object.assign(new Error("of its own"), properties);
const chain = (length: number, innermost: unknown): unknown =>
  length === 0 ? innermost : error({ cause: chain(length - 1, innermost) });
const failed = (errorType: string) => ({
  type: "error",
  confidence: "high",
  via: "error",
  errorType,
});
const disconnected = (errorType: string) => ({ ...failed(errorType), type: "upstream_disconnect" });
const timedOut = (errorType: string) => ({ ...failed(errorType), type: "timeout" });
const aborted = (errorType: string) => ({
  type: "unknown_scope_close",
  confidence: "low",
  via: "error",
  missing: ["lifecycle.close_requested"],
  errorType,
});

describe("a code says that the connection to a provider broke", () => {
  test.each([
    "ECONNRESET",
    "ECONNABORTED",
    "ETIMEDOUT",
    "UND_ERR_SOCKET",
    "ERR_HTTP2_STREAM_ERROR",
  ])("%s", (code) => {
    expect(closedBy(error({ code }))).toEqual(disconnected(code));
    expect(closedBy(new TypeError("fetch failed", { cause: error({ code }) }))).toEqual(
      disconnected(code),
    );
  });

  test.each(["ECONNREFUSED", "ENOTFOUND", "EACCES"])("%s does not: it never stood", (code) => {
    expect(closedBy(error({ code }))).toEqual(failed(code));
  });

  test("a code of the call `connect` does not: it never stood either", () => {
    expect(closedBy(error({ code: "ETIMEDOUT", syscall: "connect" }))).toEqual(failed("ETIMEDOUT"));
  });

  test.each(["EPIPE", "ERR_STREAM_PREMATURE_CLOSE"])(
    "%s does not: it may be the client's connection",
    (code) => {
      expect(closedBy(error({ code }))).toEqual(failed(code));
    },
  );

  test("not a code that is no text", () => {
    expect(closedBy(error({ code: 54 }))).toEqual(failed("Error"));
    expect(closedBy(error({ code: ["ECONNRESET"] }))).toEqual(failed("Error"));
  });
});

describe("a name or a code says that time was up", () => {
  test.each(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "UND_ERR_CONNECT_TIMEOUT"])(
    "%s",
    (code) => {
      expect(closedBy(error({ code }))).toEqual(timedOut(code));
    },
  );

  test("TimeoutError", () => {
    expect(closedBy(AbortSignal.timeout(0).reason ?? new DOMException("", "TimeoutError"))).toEqual(
      timedOut("TimeoutError"),
    );
  });
});

describe("a name or a code says that it was aborted, and nobody says by whom", () => {
  test.each<[string, unknown, string]>([
    ["a DOMException", new DOMException("stopped", "AbortError"), "AbortError"],
    ["Node's own", Object.assign(error(), { name: "AbortError", code: "ABORT_ERR" }), "AbortError"],
    [
      "axios's",
      Object.assign(error(), { name: "CanceledError", code: "ERR_CANCELED" }),
      "CanceledError",
    ],
    ["an SDK's", new (class APIUserAbortError extends Error {})("stopped"), "_OTHER"],
    ["a cause of another", error({ cause: new DOMException("", "AbortError") }), "Error"],
  ])("%s", (_whose, thrown, errorType) => {
    expect(closedBy(thrown)).toEqual(aborted(errorType));
  });
});

describe("error.type is a name or a code, and `_OTHER` for what nobody documents", () => {
  test.each<[string, unknown, string]>([
    ["a built-in", new RangeError("no"), "RangeError"],
    ["a name of its own", error({ name: "RateLimitError" }), "RateLimitError"],
    ["a code before a name", error({ name: "RateLimitError", code: "E_RATE" }), "E_RATE"],
    ["a subclass that gave itself no name", new (class e extends Error {})("no"), "_OTHER"],
    ["a code of 64 characters", error({ code: "E".repeat(64) }), "E".repeat(64)],
    ["a code of 65 characters", error({ code: "E".repeat(65) }), "Error"],
    ["a name of 64 characters", error({ name: "N".repeat(64) }), "N".repeat(64)],
    ["a name of 65 characters", error({ name: "N".repeat(65) }), "_OTHER"],
    ["a name that is a sentence", error({ name: "cannot open /srv/secret" }), "_OTHER"],
    ["a name with a lone surrogate", error({ name: "Bad\uD800Error" }), "_OTHER"],
    ["an empty name", error({ name: "" }), "_OTHER"],
    ["a text", "no", "_OTHER"],
    ["a symbol", Symbol("no"), "_OTHER"],
    ["a function", () => undefined, "_OTHER"],
    ["null", null, "_OTHER"],
    ["nothing", undefined, "_OTHER"],
    ["an object without a prototype", Object.create(null), "_OTHER"],
  ])("%s", (_what, thrown, errorType) => {
    expect(closedBy(thrown)).toEqual(failed(errorType));
    expect(harvest.span("agent run")).toMatchObject({
      status: "ERROR",
      attributes: { "error.type": errorType },
    });
  });

  test("the message and the status's description leave with no span", () => {
    closedBy(error({ message: "cannot open /srv/secret" }));
    const [span] = harvest.raw();
    expect(span?.status).toEqual({ code: 2 });
    expect(JSON.stringify([span?.attributes, span?.events])).not.toContain("secret");
  });
});

describe("a tree of errors is read to a bound", () => {
  test("sixteen errors are looked at, and a seventeenth is not", () => {
    const reset = error({ code: "ECONNRESET" });
    expect(closedBy(chain(15, reset))).toEqual(disconnected("ECONNRESET"));
    expect(closedBy(chain(16, reset))).toEqual(failed("Error"));
  });

  test("a cause that is its own cause ends", () => {
    const cyclic = error();
    cyclic.cause = error({ cause: cyclic });
    expect(closedBy(cyclic)).toEqual(failed("Error"));
  });

  test("errors that hold each other end", () => {
    const several = new AggregateError([error()]);
    several.errors.push(several, error({ cause: several, code: "ECONNRESET" }));
    expect(closedBy(several)).toEqual(disconnected("ECONNRESET"));
  });

  test("a million errors in one are not all looked at", () => {
    const several = new AggregateError([]);
    let looks = 0;
    several.errors = new Proxy(new Array(1_000_000).fill(error()), {
      get: (errors, name) => {
        if (name !== "length") looks += 1;
        return Reflect.get(errors, name);
      },
    });
    expect(closedBy(several)).toEqual(failed("AggregateError"));
    expect(looks).toBe(16);
  });

  test("a cause that is made anew at each look ends", () => {
    class Endless extends Error {
      override get cause(): unknown {
        return new Endless();
      }
    }
    expect(closedBy(new Endless("no"))).toEqual(failed("_OTHER"));
  });
});

describe("rule 38: a hostile error is an error, and its run ends all the same", () => {
  const throws = (): never => {
    throw new Error("hands off");
  };
  const trap = (name: string, get: () => unknown) =>
    Object.defineProperty(error(), name, { get, configurable: true });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const anything: object = new Proxy({}, { get: () => anything });
  const callable: object = new Proxy(() => undefined, {
    get: () => callable,
    apply: () => callable,
  });

  test.each<[string, unknown]>([
    ["a name that throws", trap("name", throws)],
    ["a code that throws", trap("code", throws)],
    ["a cause that throws", trap("cause", throws)],
    ["errors that throw", trap("errors", throws)],
    ["a constructor that throws", trap("constructor", throws)],
    ["a name that is an object", error({ name: { toString: throws } })],
    ["a revoked proxy", revoked],
    ["a revoked proxy as a cause", error({ cause: revoked })],
    ["a revoked proxy among several", error({ errors: [revoked] })],
    [
      "a proxy whose every trap throws",
      new Proxy({}, { get: throws, has: throws, getPrototypeOf: throws }),
    ],
    ["a proxy that has whatever is asked for", anything],
    ["one that can be called, too", callable],
    ["such a proxy as a cause", error({ cause: anything })],
    ["errors that cannot be cut", error({ errors: Object.assign([error()], { slice: () => 3 }) })],
    ["errors whose cut throws", error({ errors: Object.assign([error()], { slice: throws }) })],
    ["a name of 10 MB", error({ name: "N".repeat(10_000_000) })],
    ["a code of 10 MB", error({ code: "E".repeat(10_000_000) })],
    ["prototype keys", { __proto__: null, constructor: null, name: "__proto__", code: "toString" }],
  ])("%s", (_what, thrown) => {
    const before = lifecycleSnapshot().runs;
    const close = closedBy(thrown);
    expect(close).toMatchObject({ type: "error", confidence: "high", via: "error" });
    expect(close && "errorType" in close && (close.errorType?.length ?? 0)).toBeLessThanOrEqual(64);
    expect(harvest.span("agent run").status).toBe("ERROR");
    expect(lifecycleSnapshot().runs).toBe(before);
  });

  test("it comes out of withRun as it is", async () => {
    const thrown = withRun({ name: "agent run" }, async () => {
      throw anything;
    });
    await thrown.then(
      () => expect.unreachable(),
      (rejected) => expect(rejected).toBe(anything),
    );
  });

  test("an action counts the run that it ended", async () => {
    const scope = createScope({ kind: "instance" });
    const run = startRun({ name: "agent run", scope });
    const action = startAction({ kind: "dispose", scope });
    run.fail(error({ errors: Object.assign([], { slice: () => 3 }) }));
    action.end();
    expect(plainClose(run)).toMatchObject({ type: "lifecycle_action", confidence: "medium" });
    expect(harvest.span("dispose instance").attributes).toMatchObject({
      "lifecycle.action.covered_run_count": 1,
      "lifecycle.action.interrupted_run_count": 1,
    });
  });

  test("as the reason of the given signal it is nobody's", () => {
    const run = startRun({ name: "agent run", signal: AbortSignal.abort(anything) });
    run.fail(run.signal.reason);
    expect(plainClose(run)).toMatchObject({ type: "unknown_scope_close" });
  });

  test("as what an action's function throws it fails the action, and comes out as it is", () => {
    const scope = createScope({ kind: "instance" });
    let thrown: unknown;
    try {
      withAction({ kind: "dispose", scope }, () => {
        throw revoked;
      });
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown === revoked).toBe(true);
    expect(harvest.span("dispose instance")).toMatchObject({
      status: "ERROR",
      attributes: { "error.type": "_OTHER", "lifecycle.action.result": "failed" },
    });
  });
});
