import { expect, test } from "vitest";
import { describeWith } from "./support/binary.ts";
import { markOf, UNKNOWN } from "./support/marks.ts";
import { requestOf, startNormaliser } from "./support/normaliser.ts";

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const list = (key: string, ...values: string[]) => ({
  key,
  value: { arrayValue: { values: values.map((stringValue) => ({ stringValue })) } },
});
const map = (key: string, inner: string, stringValue: string) => ({
  key,
  value: { kvlistValue: { values: [{ key: inner, value: { stringValue } }] } },
});
const int = (key: string, intValue: number) => ({ key, value: { intValue } });
const thrown = (...attributes: object[]) => ({ name: "exception", attributes });
const abort = thrown(text("exception.type", "AbortError"));
const ERROR = { code: 2 };
const HUGE = "AbortError".repeat(100_000);

const LOOK_ALIKES: Readonly<Record<string, object>> = {
  "a message that tells of it": { status: { code: 2, message: "cancelled by user" } },
  "a message that is the code, but not Sentry's": { status: { code: 2, message: "cancelled" } },
  "499, which anybody may answer with": { attributes: [int("http.response.status_code", 499)] },
  "an OK that somebody set": {
    status: { code: 1 },
    attributes: [text("error.type", "AbortError")],
  },
  "an exception's message": {
    status: ERROR,
    events: [thrown(text("exception.type", "Error"), text("exception.message", "AbortError"))],
  },
  "an exception without ERROR": { events: [abort] },
  "an exception, and OK": { status: { code: 1 }, events: [abort] },
  "an exception, then another": {
    status: ERROR,
    events: [abort, thrown(text("exception.type", "TypeError"))],
  },
  "an exception, then another without a type": { status: ERROR, events: [abort, thrown()] },
  "an exception, then any event": { status: ERROR, events: [abort, { name: "retry" }] },
  "an event of another name": { status: ERROR, events: [{ ...abort, name: "log" }] },
  "the number of a DOMException without its name": {
    status: ERROR,
    events: [
      thrown(text("exception.type", "20"), text("exception.stacktrace", "MongoServerError")),
    ],
  },
  "the number of another DOMException": {
    status: ERROR,
    events: [thrown(text("exception.type", "23"), text("exception.stacktrace", "AbortError: x"))],
  },
  "a name that begins like a DOMException's": {
    status: ERROR,
    events: [thrown(text("exception.type", "20"), text("exception.stacktrace", "AbortErrors: x"))],
  },
  "the name that the gateway carries from an event, sent": {
    attributes: [text("lifecycle.normalise.exception", "AbortError")],
  },
  "the same on an ERROR": {
    status: ERROR,
    attributes: [text("lifecycle.normalise.exception", "AbortError")],
  },
  "a huge name": { status: ERROR, attributes: [text("error.type", HUGE)] },
  "a huge exception": { status: ERROR, events: [thrown(text("exception.type", HUGE))] },
  "a list": { status: ERROR, attributes: [list("error.type", "AbortError")] },
  "a map": { status: ERROR, attributes: [map("error.type", "AbortError", "AbortError")] },
  "a list in an exception": {
    status: ERROR,
    events: [thrown(list("exception.type", "AbortError"))],
  },
  "a number": { status: ERROR, events: [thrown(int("exception.type", 20))] },
  "RPC codes of other types": {
    attributes: [text("rpc.grpc.status_code", "CANCELLED"), int("rpc.response.status_code", 1)],
  },
  "lists where Sentry has words": {
    attributes: [
      list("sentry.idle_span_finish_reason", "cancelled"),
      list("sentry.cancellation_reason", "document.hidden"),
    ],
  },
  "an empty span": {},
};

// What of ours may already stand on a span, each alone.
const OURS = {
  "lifecycle.close.class": "user_cancel",
  "lifecycle.close.inherited_class": "lifecycle_action",
  "lifecycle.run.result": "completed",
  "lifecycle.action.id": "a1",
  "lifecycle.interrupt.result": "stopped",
};

describeWith(["otelcol"], "what is no mark, behind the gateway's transform/normalise", () => {
  test("look-alikes and hostile values pass unmarked, and no complaint is written", async () => {
    const normaliser = await startNormaliser();
    const named = Object.entries(LOOK_ALIKES).map(([name, span]) => ({ ...span, name }));
    const spans = await normaliser.normalise(requestOf(...named));
    expect(Object.fromEntries(spans.map((span) => [span.name, markOf(span)]))).toEqual(
      Object.fromEntries(named.map(({ name }) => [name, false])),
    );
    expect(normaliser.complaints()).toEqual([]);
  });

  test("an exception after which nothing was recorded, after others, is what the span ended with", async () => {
    const normaliser = await startNormaliser();
    const events = [thrown(text("exception.type", "TypeError")), { name: "retry" }, abort];
    const spans = await normaliser.normalise(
      requestOf({ status: ERROR, events }, { status: ERROR }, { status: ERROR, events: [abort] }),
    );
    expect(spans.map(markOf)).toEqual([UNKNOWN, false, UNKNOWN]);
  });

  test.each(Object.entries(OURS))("a span with %s keeps what it has", async (key, value) => {
    const normaliser = await startNormaliser();
    const attributes = [
      text(key, value),
      text("error.type", "AbortError"),
      int("rpc.grpc.status_code", 4),
    ];
    const spans = await normaliser.normalise(
      requestOf(
        { status: ERROR, attributes },
        { status: ERROR, attributes: [text(key, value)], events: [abort] },
      ),
    );
    const kept = { [key.slice("lifecycle.".length)]: value };
    expect(spans.map(markOf)).toEqual([kept, kept]);
  });

  test("a timeout by a code is as sure with an exception beside it as without", async () => {
    const normaliser = await startNormaliser();
    const codes = [
      int("rpc.grpc.status_code", 4),
      text("rpc.response.status_code", "DEADLINE_EXCEEDED"),
      text("sentry.idle_span_finish_reason", "finalTimeout"),
    ];
    const events = [thrown(text("exception.type", "Error"))];
    const spans = await normaliser.normalise(
      requestOf(
        ...codes.flatMap((code) => [
          { status: ERROR, attributes: [code] },
          { status: ERROR, attributes: [code], events },
        ]),
      ),
    );
    const told = {
      "close.class": "timeout",
      "close.confidence": "medium",
      "close.via": "collector",
    };
    expect(spans.map(markOf)).toEqual(Array.from({ length: 6 }, () => told));
  });

  test("a span that went through twice is marked once", async () => {
    const normaliser = await startNormaliser();
    const attributes = [
      text("error.type", "AbortError"),
      text("lifecycle.close.class", "unknown_scope_close"),
      text("lifecycle.close.via", "collector"),
    ];
    const [span] = await normaliser.normalise(requestOf({ status: ERROR, attributes }));
    expect(span && markOf(span)).toEqual({
      "close.class": "unknown_scope_close",
      "close.via": "collector",
    });
  });
});
