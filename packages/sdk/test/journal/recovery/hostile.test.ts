import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recoverJournals } from "../../../src/journal/recovery/recover.ts";
import { usePlace } from "../folder/journals.ts";
import {
  action,
  createExporter,
  ended,
  header,
  idOf,
  type Line,
  leave,
  run,
  segmentOf,
  source,
  start,
} from "./dead-journal.ts";

const place = usePlace();

const recoverHere = async () => {
  const { exporter, batches } = createExporter();
  const result = await recoverJournals(place.directory, exporter);
  return { result, spans: batches.flat() };
};

const recovered = (...lines: readonly Line[]) => {
  leave(place.directory, [[header(), source(), ...lines]]);
  return recoverHere();
};

describe("what is damaged is skipped and counted (rule 24)", () => {
  const HUGE = "x".repeat(100);
  test.each<[string, unknown]>([
    ["no object", 7],
    ["null", null],
    ["a list", []],
    ["no trace id", { ...start(2), t: undefined }],
    ["a trace id of another length", { ...start(2), t: "ab" }],
    ["a trace id that is all zero", { ...start(2), t: "0".repeat(32) }],
    ["a span id that is no hexadecimal", { ...start(2), s: "z".repeat(16) }],
    ["a name that is a number", { ...start(2), n: 7 }],
    ["a kind that there is not", { ...start(2), k: 5 }],
    ["a time beyond OTLP's", { ...start(2), st: [1e300, 0] }],
    ["a time of a second's worth of nanoseconds", { ...start(2), st: [1, 1_000_000_000] }],
    ["attributes that are a list", { ...start(2), a: [] }],
    ["a parent that is none", { ...start(2), p: { t: HUGE } }],
    ["flags beyond a byte", { ...start(2), f: 256 }],
    ["a source that is text", { ...start(2), src: "1" }],
  ])("a beginning with %s", async (_, body) => {
    const of = typeof body === "object" && body !== null && !Array.isArray(body);
    const broken = of ? { ...body, r: { q: 20, sc: [1], o: "api" } } : body;
    const { result, spans } = await recovered(run(1), ["B", 2, broken]);
    expect(spans.map((span) => span.spanContext().spanId)).toEqual([idOf(1)]);
    expect(result).toMatchObject({ exported: 1, lost: 1, damaged: 1, isComplete: true });
  });

  test.each<[string, Line]>([
    ["an end without a time", ["E", 1, { a: {} }]],
    ["a cause of no class", ["C", 1, { q: 11, type: "__proto__", via: "api" }]],
    ["a cause without its action", ["C", 1, { q: 11, type: "lifecycle_action", via: "api" }]],
    ["evidence that is text", ["V", 1, "x"]],
    ["acknowledgements that are no list", ["A", 0, { 0: 1 }]],
    ["a number that is acknowledged as text", ["A", 0, ["1"]]],
    ["a header without a version", ["H", 0, {}]],
    ["a source without a scope", ["S", 1, { resource: { attributes: {} } }]],
  ])("%s", async (_, line) => {
    const { result, spans } = await recovered(run(1), line);
    expect(result).toMatchObject({ exported: 1, lost: 1, damaged: 1, isComplete: true });
    expect(spans[0]?.attributes["lifecycle.close.class"]).toBe("process_lost");
    expect(spans[0]?.resource.attributes["service.name"]).toBe("shop");
  });

  test("attributes, links and events that are none are left out and counted", async () => {
    const a = JSON.parse(
      '{"__proto__":"x","nested":{"a":1},"deep":[[1]],"none":null,"constructor":"y"}',
    );
    const { spans } = await recovered(run(1, {}, { a, l: [{ t: "x" }, 7] }), [
      "E",
      1,
      { et: [1_790_000_001, 0], ev: [7, { n: "e", st: [1, 2], a: { bad: {} } }], dr: [1, 0, 0] },
    ]);
    expect(spans[0]?.attributes).toEqual({ constructor: "y" });
    expect(spans[0]).toMatchObject({
      links: [],
      events: [{ name: "e", time: [1, 2], attributes: {}, droppedAttributesCount: 1 }],
      droppedAttributesCount: 5,
      droppedLinksCount: 2,
      droppedEventsCount: 1,
    });
  });

  test("a journal torn at each byte of its last record loses no other run", async () => {
    const whole = segmentOf([header(), source(), run(1)]);
    const last = segmentOf([ended(1)]);
    for (let cut = 0; cut <= last.length; cut += 1) {
      leave(place.directory, [Buffer.concat([whole, last.subarray(0, cut)])]);
      const { result } = await recoverHere();
      const isWhole = cut === last.length;
      const isTorn = cut > 0 && !isWhole;
      expect({ cut, ...result }).toMatchObject({
        cut,
        exported: 1,
        lost: isWhole ? 0 : 1,
        damaged: isTorn ? 1 : 0,
      });
    }
  });

  test("a flipped bit anywhere loses no other run, and never gives a wrong one", async () => {
    const whole = segmentOf([header(), source(), run(1), run(2), action(3)]);
    for (let at = 0; at < whole.length; at += 23) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      leave(place.directory, [flipped]);
      const { result, spans } = await recoverHere();
      expect(result.damaged).toBeGreaterThan(0);
      expect(spans.length).toBeGreaterThanOrEqual(2 - (result.damaged - 1));
      expect(spans.every((one) => [1, 2, 3].map(idOf).includes(one.spanContext().spanId))).toBe(
        true,
      );
    }
  });

  test("a source that is damaged costs no run", async () => {
    leave(place.directory, [[header(), run(1)]]);
    const { spans } = await recoverHere();
    expect(spans[0]?.resource.attributes).toEqual({ "service.name": "unknown_service" });
  });

  test("segments that are none: a link, a folder, a pipe, and one of a gigabyte without a line", async () => {
    const id = leave(place.directory, [[header(), source(), run(1)]]);
    const path = (name: string): string => join(place.directory, id, name);
    writeFileSync(join(place.directory, "elsewhere"), segmentOf([run(2)]));
    symlinkSync(join(place.directory, "elsewhere"), path("00000002.log"));
    mkdirSync(path("00000003.log"));
    execFileSync("mkfifo", [path("00000004.log")]);
    writeFileSync(path("00000005.log"), "");
    truncateSync(path("00000005.log"), 2 ** 30);
    appendFileSync(path("00000006.log"), segmentOf([header(), source(), run(3)]));
    const before = process.memoryUsage().rss;
    const { result, spans } = await recoverHere();
    expect(spans.map((span) => span.spanContext().spanId)).toEqual([idOf(1), idOf(3)]);
    expect(result.damaged).toBeGreaterThanOrEqual(4);
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
    expect(readFileSync(join(place.directory, "elsewhere")).length).toBeGreaterThan(0);
  });

  test("a journal of a newer version is left alone", async () => {
    leave(place.directory, [
      [header(), source(), run(1)],
      [header({ v: 2 }), run(2)],
    ]);
    const { result, spans } = await recoverHere();
    expect(spans).toEqual([]);
    expect(result).toMatchObject({ journals: 0, left: { newer_version: 1 } });
  });
});

describe("of several sources with one number the last one holds", () => {
  const named = (n: number, name: string): Line =>
    source(n, { resource: { attributes: { "service.name": name } } });

  test("for its spans, and for those whose source is damaged", async () => {
    const lines: readonly Line[] = [header(), named(1, "a"), named(2, "b"), named(1, "c")];
    leave(place.directory, [[...lines, run(3), run(4, {}, { src: 9 })]]);
    const { exporter, batches } = createExporter();
    await recoverJournals(place.directory, exporter);
    const names = batches.flat().map(({ resource }) => resource.attributes["service.name"]);
    expect(names).toEqual(["c", "c"]);
  });
});
