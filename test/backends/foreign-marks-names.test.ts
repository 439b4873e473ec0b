import { expect, test } from "vitest";
import type { OtlpSpan } from "../support/otlp-span.ts";
import { describeWith } from "./support/binary.ts";
import { type Mark, marked, markOf, UNKNOWN } from "./support/marks.ts";
import { requestOf, requestOfScope, startNormaliser } from "./support/normaliser.ts";

// Every name and code of the processor once, as error.type. What of this no library of these tests
// makes is after its documentation: .NET's and Kotlin's whole, others in part.
const NAMES = {
  unknown_scope_close: [
    "AbortError",
    "ABORT_ERR",
    "APIUserAbortError",
    "CanceledError",
    "ERR_CANCELED",
    "CancelledFailure",
    "CancelledError",
    "asyncio.CancelledError",
    "asyncio.exceptions.CancelledError",
    "concurrent.futures.CancelledError",
    "concurrent.futures._base.CancelledError",
    "java.util.concurrent.CancellationException",
    "java.lang.InterruptedException",
    "java.nio.channels.ClosedByInterruptException",
    "kotlinx.coroutines.JobCancellationException",
    "System.OperationCanceledException",
    "System.Threading.Tasks.TaskCanceledException",
  ],
  timeout: [
    "timeout",
    "TimeoutError",
    "builtins.TimeoutError",
    "asyncio.exceptions.TimeoutError",
    "APIConnectionTimeoutError",
    "client_timeout_error",
    "UND_ERR_HEADERS_TIMEOUT",
    "UND_ERR_BODY_TIMEOUT",
    "UND_ERR_CONNECT_TIMEOUT",
    "ConnectTimeout",
    "httpx.ConnectTimeout",
    "httpx.ReadTimeout",
    "httpx.WriteTimeout",
    "httpx.PoolTimeout",
    "TimeoutException",
    "java.util.concurrent.TimeoutException",
    "java.net.SocketTimeoutException",
    "java.net.http.HttpTimeoutException",
    "java.net.http.HttpConnectTimeoutException",
    "kotlinx.coroutines.TimeoutCancellationException",
    "System.TimeoutException",
    "context.deadlineExceededError",
  ],
  upstream_disconnect: [
    "ECONNRESET",
    "ECONNABORTED",
    "UND_ERR_SOCKET",
    "ERR_HTTP2_STREAM_ERROR",
    "ERR_HTTP2_SESSION_ERROR",
    "ConnectionResetError",
    "builtins.ConnectionResetError",
    "ConnectionAbortedError",
    "ServerDisconnectedError",
    "aiohttp.client_exceptions.ServerDisconnectedError",
    "response_ended",
  ],
} as const;

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const int = (key: string, intValue: number) => ({ key, value: { intValue } });
const bool = (key: string, boolValue: boolean) => ({ key, value: { boolValue } });
const ERROR = { code: 2 };

const marks = (spans: readonly OtlpSpan[]) =>
  Object.fromEntries(spans.map((span) => [span.name, markOf(span)]));

describeWith(["otelcol"], "names and codes behind the gateway's transform/normalise", () => {
  test.each(["unknown_scope_close", "timeout", "upstream_disconnect"] as const)(
    "%s: each name whole, and none that only holds one",
    async (closeClass) => {
      const normaliser = await startNormaliser();
      const errorType = (name: string) => ({
        name,
        status: ERROR,
        attributes: [text("error.type", name)],
      });
      const expected: Mark =
        closeClass === "unknown_scope_close" ? UNKNOWN : marked(closeClass, "medium");
      const names = NAMES[closeClass];
      const alike = names.flatMap((name) => [`Not${name}`, `${name}s`, `my.${name}`, `${name}\nx`]);
      const spans = await normaliser.normalise(requestOf(...[...names, ...alike].map(errorType)));
      expect(marks(spans)).toEqual({
        ...Object.fromEntries(names.map((name) => [name, expected])),
        ...Object.fromEntries(alike.map((name) => [name, false])),
      });
    },
  );

  test("an exception's name counts as error.type does where that says nothing", async () => {
    const normaliser = await startNormaliser();
    const thrown = (name: string, errorType?: string) => ({
      name: `${name} under ${errorType}`,
      status: ERROR,
      attributes: errorType === undefined ? [] : [text("error.type", errorType)],
      events: [{ name: "exception", attributes: [text("exception.type", name)] }],
    });
    const spans = await normaliser.normalise(
      requestOf(
        thrown("AbortError"),
        thrown("AbortError", "Error"),
        thrown("AbortError", "_OTHER"),
        thrown("AbortError", "500"),
        thrown("AbortError", "5000"),
        thrown("AbortError", "TypeError"),
        thrown("AbortError", "TimeoutError"),
        thrown("TypeError", "AbortError"),
        thrown("AbortErrorHandler"),
      ),
    );
    expect(marks(spans)).toEqual({
      "AbortError under undefined": UNKNOWN,
      "AbortError under Error": UNKNOWN,
      "AbortError under _OTHER": UNKNOWN,
      "AbortError under 500": UNKNOWN,
      "AbortError under 5000": false,
      "AbortError under TypeError": false,
      "AbortError under TimeoutError": marked("timeout", "medium"),
      "TypeError under AbortError": UNKNOWN,
      "AbortErrorHandler under undefined": false,
    });
  });

  test("status codes of RPC, as numbers and as words", async () => {
    const normaliser = await startNormaliser();
    const numbers = Array.from({ length: 17 }, (_, code) => ({
      name: `${code}`,
      attributes: [int("rpc.grpc.status_code", code)],
    }));
    const words = ["CANCELLED", "cancelled", "canceled", "DEADLINE_EXCEEDED", "deadline_exceeded"];
    const others = ["OK", "ABORTED", "UNAVAILABLE", "NOT_CANCELLED", "CANCELLED by the user"];
    const coded = [...words, ...others].map((word) => ({
      name: word,
      attributes: [text("rpc.response.status_code", word)],
    }));
    const isOk = {
      name: "said to be OK",
      status: { code: 1 },
      attributes: [int("rpc.grpc.status_code", 1)],
    };
    const spans = await normaliser.normalise(requestOf(...numbers, ...coded, isOk));
    const found = spans.filter(markOf);
    expect(marks(found)).toEqual({
      1: UNKNOWN,
      4: marked("timeout", "medium"),
      CANCELLED: UNKNOWN,
      cancelled: UNKNOWN,
      canceled: UNKNOWN,
      DEADLINE_EXCEEDED: marked("timeout", "medium"),
      deadline_exceeded: marked("timeout", "medium"),
    });
  });

  test("a connection that broke is the upstream's where the span is not a server's", async () => {
    const normaliser = await startNormaliser();
    const spans = [0, 1, 2, 3, 4, 5].map((kind) => ({
      name: `${kind}`,
      kind,
      status: ERROR,
      attributes: [text("error.type", "ECONNRESET")],
    }));
    const broken = marked("upstream_disconnect", "medium");
    expect(marks(await normaliser.normalise(requestOf(...spans)))).toEqual({
      0: broken,
      1: broken,
      2: false,
      3: broken,
      4: broken,
      5: false,
    });
  });

  test("Sentry in a browser: what its source writes for a page that is left or hidden", async () => {
    const normaliser = await startNormaliser();
    const reason = (value: string) => ({
      name: value,
      attributes: [text("sentry.idle_span_finish_reason", value)],
    });
    const hidden = (value: string) => ({
      name: value,
      attributes: [text("sentry.cancellation_reason", value)],
    });
    const reasons = [
      ...["cancelled", "documentHidden", "interactionInterrupted", "finalTimeout"],
      ...["heartbeatFailed", "idleTimeout", "externalFinish", "reportPageLoaded", "notcancelled"],
    ];
    const spans = await normaliser.normalise(
      requestOf(...reasons.map(reason), hidden("document.hidden"), hidden("other")),
    );
    expect(marks(spans)).toEqual({
      cancelled: UNKNOWN,
      documentHidden: UNKNOWN,
      interactionInterrupted: UNKNOWN,
      finalTimeout: marked("timeout", "medium"),
      heartbeatFailed: marked("timeout", "medium"),
      idleTimeout: false,
      externalFinish: false,
      reportPageLoaded: false,
      notcancelled: false,
      "document.hidden": UNKNOWN,
      other: false,
    });
  });

  test("a status message is read of Sentry's spans alone, and only as the whole code", async () => {
    const normaliser = await startNormaliser();
    const said = (message: string, code = 2) => ({
      name: `${message} ${code}`,
      status: { message, code },
    });
    const words = [
      said("cancelled"),
      said("cancelled by user"),
      said("Cancelled"),
      said("aborted"),
    ];
    const ofSentry = requestOfScope("@sentry/browser", ...words, said("cancelled", 1));
    const alike = [requestOf(...words), requestOfScope("my@sentry/x", ...words)];
    expect(marks(await normaliser.normalise(ofSentry))).toEqual({
      "cancelled 2": UNKNOWN,
      "cancelled by user 2": false,
      "Cancelled 2": false,
      "aborted 2": false,
      "cancelled 1": false,
    });
    for (const request of alike) {
      expect((await normaliser.normalise(request)).map(markOf)).toEqual([
        false,
        false,
        false,
        false,
      ]);
    }
  });

  test("flags count when they are true", async () => {
    const normaliser = await startNormaliser();
    const flags = ["effect.fiber.interrupted", "status.interrupted", "reactor.canceled"];
    const spans = flags.flatMap((key) => [
      { name: `${key} true`, attributes: [bool(key, true)] },
      { name: `${key} false`, attributes: [bool(key, false)] },
      { name: `${key} text`, attributes: [text(key, "true")] },
    ]);
    expect(marks(await normaliser.normalise(requestOf(...spans)))).toEqual(
      Object.fromEntries(
        flags.flatMap((key) => [
          [`${key} true`, UNKNOWN],
          [`${key} false`, false],
          [`${key} text`, false],
        ]),
      ),
    );
  });
});
