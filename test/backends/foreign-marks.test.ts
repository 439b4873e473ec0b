import { expect, test } from "vitest";
import { describeWith } from "./support/binary.ts";
import { marked, marksByCase, UNKNOWN } from "./support/marks.ts";
import { startNormaliser } from "./support/normaliser.ts";

const marksOf = async (app: string, program: string) => {
  const normaliser = await startNormaliser();
  const marks = marksByCase(await normaliser.spansOfApp(app, program));
  expect(normaliser.complaints()).toEqual([]);
  return marks;
};

describeWith(
  ["otelcol"],
  "spans of real libraries behind the gateway's transform/normalise",
  () => {
    test("HTTP clients: an abort that fetch hides stays hidden, what has a code is told", async () => {
      expect(await marksOf("foreign", "http-clients")).toEqual({
        "fetch, aborted": [["GET", "UNSET", false]],
        "fetch, aborted in its body": [["GET", "UNSET", false]],
        "fetch, aborted with a reason": [["GET", "ERROR", false]],
        "fetch, timed out": [["GET", "ERROR", marked("timeout", "low")]],
        "fetch, broken": [["GET", "ERROR", marked("upstream_disconnect", "medium")]],
        "get, aborted": [["GET", "ERROR", UNKNOWN]],
        "get, aborted in its body": [["GET", "ERROR", UNKNOWN]],
        "get, aborted with a reason": [["GET", "ERROR", UNKNOWN]],
        // Node.js wraps the reason, and HTTP's instrumentation keeps the wrapping alone.
        "get, timed out": [["GET", "ERROR", UNKNOWN]],
        "get, broken": [["GET", "ERROR", marked("upstream_disconnect", "low")]],
      });
    });

    test("errors that an application records: the one its span ended with, by name or code", async () => {
      const timeout = marked("timeout", "low");
      const marks = await marksOf("foreign", "recorded-errors");
      expect(marks).toEqual({
        "fetch, aborted": [
          ["fetch, aborted", "ERROR", UNKNOWN],
          ["GET", "UNSET", false],
        ],
        "fetch, timed out": [
          ["fetch, timed out", "ERROR", timeout],
          ["GET", "ERROR", timeout],
        ],
        "events.once, aborted": [["events.once, aborted", "ERROR", UNKNOWN]],
        "axios, aborted": [
          ["axios, aborted", "ERROR", UNKNOWN],
          ["GET", "ERROR", UNKNOWN],
        ],
        "undici, headers late": [
          ["undici, headers late", "ERROR", timeout],
          ["GET", "ERROR", marked("timeout", "medium")],
        ],
        "undici, broken": [
          ["undici, broken", "ERROR", marked("upstream_disconnect", "low")],
          ["GET", "ERROR", marked("upstream_disconnect", "medium")],
        ],
        // Its client has spans of its own: UNSET when aborted.
        "anthropic, aborted": [
          ["anthropic, aborted", "ERROR", UNKNOWN],
          ["anthropic.messages.create", "UNSET", false],
          ["POST", "UNSET", false],
        ],
        "anthropic, timed out": [
          ["anthropic, timed out", "ERROR", timeout],
          ["anthropic.messages.create", "ERROR", marked("timeout", "medium")],
          ["POST", "UNSET", false],
        ],
        "MongoDB's code 20": [["MongoDB's code 20", "ERROR", false]],
        "caught, and completed": [["caught, and completed", "UNSET", false]],
        "caught, then OK": [["caught, then OK", "OK", false]],
        "caught, then another failure": [["caught, then another failure", "ERROR", false]],
        "caught, retried, then ERROR alone": [
          ["caught, retried, then ERROR alone", "ERROR", false],
        ],
      });
    });

    test("OpenAI's client under its instrumentation: the class of the error", async () => {
      expect(await marksOf("foreign", "openai")).toEqual({
        "openai, aborted": [
          ["chat m", "ERROR", UNKNOWN],
          ["POST", "UNSET", false],
        ],
        "openai, timed out": [
          ["chat m", "ERROR", marked("timeout", "medium")],
          ["POST", "UNSET", false],
        ],
        // Its errors have the name `Error`.
        "openai, aborted, and recorded": [
          ["openai, aborted, and recorded", "ERROR", false],
          ["chat m", "ERROR", UNKNOWN],
          ["POST", "UNSET", false],
        ],
      });
    });

    test("AI SDK 6 and 7: an aborted call is told on each of its spans, an aborted stream on none", async () => {
      const six = ["ai.generateText", "ai.generateText.doGenerate"];
      const seven = ["chat mock-model-id", "invoke_agent mock-model-id", "step 1"];
      const all = <T>(names: readonly string[], status: string, mark: T) =>
        names.map((name) => [name, status, mark]);
      expect(await marksOf("foreign", "ai")).toEqual({
        "streamText 6, aborted": all(["ai.streamText"], "UNSET", false),
        "generateText 6, aborted": all(six, "ERROR", UNKNOWN),
        "generateText 6, timed out": all(six, "ERROR", marked("timeout", "low")),
        "streamText 7, aborted": all(seven, "UNSET", false),
        "generateText 7, aborted": all(seven, "ERROR", UNKNOWN),
        "generateText 7, timed out": all(seven, "ERROR", marked("timeout", "low")),
      });
    });

    test("gRPC: CANCELLED and DEADLINE_EXCEEDED, but not a server that never was there", async () => {
      const never = "grpc.app.Agent/Never";
      expect(await marksOf("foreign", "grpc")).toEqual({
        "unary call, cancelled": [[never, "ERROR", UNKNOWN]],
        "stream, cancelled": [["grpc.app.Agent/Stream", "ERROR", UNKNOWN]],
        "unary call, deadline": [[never, "ERROR", marked("timeout", "medium")]],
        "server gone while it worked": [[never, "ERROR", UNKNOWN]],
        "server never there": [[never, "ERROR", false]],
      });
    });

    test("Effect 4: a fiber that was interrupted, whoever did it", async () => {
      expect(await marksOf("foreign", "effect")).toEqual({
        "fiber, interrupted": [["fiber, interrupted", "UNSET", UNKNOWN]],
        "effect, timed out": [["effect, timed out", "UNSET", UNKNOWN]],
        "around a timeout": [["around a timeout", "ERROR", marked("timeout", "low")]],
        "runPromise, aborted": [["runPromise, aborted", "UNSET", UNKNOWN]],
        failed: [["failed", "ERROR", false]],
        completed: [["completed", "OK", false]],
      });
    });

    test("Effect 3: the same, although its interrupted spans are OK", async () => {
      expect(await marksOf("foreign-effect-3", "effect")).toEqual({
        "fiber, interrupted": [["fiber, interrupted", "OK", UNKNOWN]],
        "effect, timed out": [["effect, timed out", "OK", UNKNOWN]],
        "around a timeout": [["around a timeout", "ERROR", marked("timeout", "low")]],
        failed: [["failed", "ERROR", false]],
        completed: [["completed", "OK", false]],
      });
    });

    test("Sentry: what ended an idle span too early, and what was open in it", async () => {
      const alone = (name: string, status: string, mark: unknown) => ({
        [name]: [[name, status, mark]],
      });
      const final = "idle span, at its final timeout";
      const stalled = "idle span, its child too long";
      expect(await marksOf("sentry-10", "idle-span")).toEqual({
        [final]: [
          [final, "ERROR", marked("timeout", "medium")],
          ["child, cut off", "ERROR", UNKNOWN],
        ],
        [stalled]: [
          [stalled, "OK", marked("timeout", "medium")],
          ["child, too long", "ERROR", UNKNOWN],
        ],
        ...alone("idle span, idle", "OK", false),
        ...alone("idle span, ended by its owner", "OK", false),
        ...alone("answered with 499", "ERROR", false),
        ...alone("answered with 409", "ERROR", false),
        ...alone("threw an abort", "ERROR", false),
      });
    });

    test("a span that our SDK has set keeps every word, whatever else stands on it", async () => {
      const marks = await marksOf("foreign", "beside-us");
      const below = { "close.inherited_class": "lifecycle_action" };
      expect(marks).toMatchObject({
        "run, disposed": [
          ["run, disposed", "UNSET", { "run.result": "interrupted", "close.via": "error" }],
          ["chat", "UNSET", below],
          ["effect below", "UNSET", below],
        ],
        "run, completed": [
          ["run, completed", "UNSET", { "scope.kind": "instance", "run.result": "completed" }],
        ],
      });
      expect(JSON.stringify(marks)).not.toContain("collector");
    });
  },
);
