import { type Attributes, SpanStatusCode, type TimeInput } from "@opentelemetry/api";
import { lifecycleSnapshot, startRun, withRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { describe, expect, test } from "vitest";
import { namesOf, recordsOf, setUp } from "./journalling.ts";
import { attributesOf, killedNow } from "./killed.ts";

const MAX_RECORD_BYTES = 256 * 1024;

const attributesIn = (path: string | undefined, type: string) =>
  recordsOf(path).find((one) => one.type === type)?.body["a"];

const throwing = (): never => {
  throw new Error("hostile");
};

const holdingItself = (): unknown[] => {
  const list: unknown[] = [];
  list.push(list);
  return list;
};

describe("issue 7, point 1: whatever a span carries, the host goes on, and a record is whole", () => {
  test.each<readonly [string, unknown]>([
    ["a quote, a line feed and a backslash", 'a "b"\n\\'],
    ["a lone surrogate", "\ud800"],
    ["a separator of lines", "\u2028\u0000\u007f"],
    ["an empty string", ""],
    ["a number", -0.5],
    ["the largest number", Number.MAX_VALUE],
    ["a truth", false],
    ["a list", ["a", "\udfff"]],
  ])("%s is there as it is", (_, value) => {
    const { journal, tracer } = setUp();
    tracer.startSpan("GET /orders", { attributes: { value: value as string } }).end();
    expect(attributesIn(journal.path, "B")).toMatchObject({ value });
  });

  test.each<readonly [string, unknown]>([
    ["a number that is not finite", Number.NaN],
    ["bytes", new Uint8Array(4)],
    ["a function", throwing],
    ["a big integer", 1n],
    ["what holds itself", holdingItself()],
    ["what throws when it is looked into", { toJSON: throwing }],
  ])("%s is left out, and counted", (_, value) => {
    const { journal, tracer } = setUp();
    const span = tracer.startSpan("GET /orders");
    Object.assign(Reflect.get(span, "attributes"), { value, after: 1 });
    const before = lifecycleSnapshot().bounded["journal attributes"] ?? 0;
    span.end();
    const found = attributesIn(journal.path, "E");
    expect(found).toMatchObject({ after: 1 });
    expect(found).not.toHaveProperty("value", expect.anything());
    expect((lifecycleSnapshot().bounded["journal attributes"] ?? 0) - before).toBe(1);
  });

  test("names of a prototype's members are names like others", () => {
    const { journal, tracer } = setUp();
    const names = ["constructor", "toString", "hasOwnProperty", "0"];
    const attributes = Object.fromEntries(names.map((name) => [name, "x"]));
    const span = tracer.startSpan("GET /orders");
    span.setAttributes(attributes);
    span.end();
    expect(attributesIn(journal.path, "E")).toMatchObject(attributes);
  });

  test.each([
    ["long values", { long: "x".repeat(MAX_RECORD_BYTES) }],
    [
      "many",
      Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`k${n}`, "ü".repeat(4096)])),
    ],
  ])(
    "of attributes too large for a record, %s, ours stay and the others are counted",
    (_, more) => {
      const { journal, tracer } = setUp();
      const span = tracer.startSpan("GET /orders");
      span.setAttributes(more);
      span.end();
      const end = recordsOf(journal.path).find(({ type }) => type === "E")?.body;
      expect(end?.["a"]).toMatchObject({ "lifecycle.run.result": "completed" });
      const dropped = Number(Object(end?.["dr"])[0]);
      const kept = Object.keys(end?.["a"] as Attributes).filter((key) => key in more).length;
      expect(kept + dropped).toBe(Object.keys(more).length);
    },
  );

  test("a record of the most that a span carries is within its bound", () => {
    const { journal, tracer } = setUp();
    const long = "ü".repeat(MAX_RECORD_BYTES);
    const span = tracer.startSpan(long, { attributes: { long } });
    for (let count = 0; count < 128; count += 1) {
      span.addEvent(long, { long });
      span.addLink({ context: span.spanContext(), attributes: { why: "x".repeat(4096) } });
    }
    span.setAttributes(
      Object.fromEntries(Array.from({ length: 99 }, (_, n) => [`${n}`, "ü".repeat(9999)])),
    );
    span.setStatus({ code: SpanStatusCode.ERROR, message: long });
    span.end();
    expect(namesOf(journal.path)).toEqual(["B2", "E2"]);
    const end = recordsOf(journal.path)[1]?.body;
    expect(Buffer.byteLength(JSON.stringify(end))).toBeGreaterThan(MAX_RECORD_BYTES / 2);
    expect(Buffer.byteLength(JSON.stringify(end))).toBeLessThan(MAX_RECORD_BYTES);
  });

  test("where its end cannot be read, it is taken out rather than called lost", () => {
    const { journal, tracer } = setUp();
    const span = tracer.startSpan("GET /orders");
    Object.defineProperty(span, "events", { get: throwing });
    expect(() => span.end()).not.toThrow();
    expect(namesOf(journal.path)).toEqual(["B2", "A 2"]);
  });

  test("where its beginning cannot be read, nothing is there of it", () => {
    const { journal } = setUp({ options: { processor: new Disturbing() } });
    expect(withRun({ name: "agent run" }, () => "text")).toBe("text");
    expect(namesOf(journal.path)).toEqual([]);
  });

  test.each<readonly [string, TimeInput]>([
    ["no number", Number.NaN],
    ["beyond every calendar", 1e300],
    ["before the epoch", [-1, 5]],
    ["of half a nanosecond", [1_790_000_000, 0.5]],
    ["of more nanoseconds than a second has", [1_790_000_000, 1e9]],
  ])("what completed at a time that is %s is not called lost", async (_, time) => {
    const { journal, tracer } = setUp({ code: "later" });
    tracer.startSpan("ended then").end(time);
    tracer.startSpan("begun then", { startTime: time });
    const spans = await killedNow(journal.path);
    const resultOf = (name: string) => attributesOf(spans, name)["lifecycle.run.result"];
    expect(resultOf("ended then")).toBe("completed");
    expect(resultOf("begun then")).toBe("lost");
  });

  test("an id that breaks a record costs no other run", async () => {
    const ids = ["\n", '"', ',"x":1}'].map((end) => end.padStart(32, "a"));
    const idGenerator = {
      generateTraceId: () => ids.shift() ?? "a".repeat(32),
      generateSpanId: () => `${ids.length + 1}`.padStart(16, "0"),
    };
    const { journal, tracer } = setUp({ config: { idGenerator } });
    for (const name of ["first", "second", "third", "fourth"]) tracer.startSpan(name);
    expect((await killedNow(journal.path)).map(({ name }) => name)).toEqual(["fourth"]);
  });

  test("a thousand cancellations are one record", () => {
    const { journal } = setUp();
    const run = startRun({ name: "agent run" });
    for (let count = 0; count < 1000; count += 1) run.cancel();
    run.end();
    expect(namesOf(journal.path)).toEqual(["B2", "C2", "E2"]);
  });
});

/** Makes what a span began with unreadable, before the run begins. */
class Disturbing extends LifecycleSpanProcessor {
  override onStart(...[span, context]: Parameters<LifecycleSpanProcessor["onStart"]>): void {
    super.onStart(span, context);
    Object.defineProperty(span, "links", { get: throwing });
  }
}
