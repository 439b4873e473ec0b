import type { ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { beforeEach, describe, expect, test } from "vitest";
import { deadWith, endsIn, killedHost, type Line, linesOf, recovered } from "./dead-journal.ts";

let bytes: Buffer;
let lines: readonly Line[];
let whole: ReadonlySet<string>;

beforeEach(async () => {
  bytes = await killedHost();
  lines = linesOf(bytes);
  whole = new Set((await recovered(deadWith(bytes).directory)).spans.map(documentOf));
});

/** All of a span that an exporter sends. */
const documentOf = (span: ReadableSpan): string =>
  JSON.stringify({
    ...span,
    context: span.spanContext(),
    resource: span.resource.attributes,
  });

describe("a journal that is damaged is recovered as far as it is whole", () => {
  test("one that is whole, wholly", () => {
    expect(endsIn(lines)).toEqual(["a completed", "b lost", "c completed", "d lost"]);
    expect(whole.size).toBe(4);
  });

  test("torn at every byte of its last record, and about the end of each other", async () => {
    const last = lines.at(-1);
    const ends = lines.flatMap(({ end }) => [end - 1, end, end + 1]);
    for (let length = last?.start ?? 0; length <= bytes.length; length += 1) ends.push(length);
    const wrong: unknown[] = [];
    for (const length of [0, ...new Set(ends)]) {
      const before = lines.filter(({ end }) => end <= length);
      const now = await recovered(deadWith(bytes.subarray(0, length)).directory);
      if (String(now.ends) !== String(endsIn(before))) wrong.push({ length, ends: now.ends });
      if (now.left.length > 0) wrong.push({ length, left: now.left });
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  test("a bit that is flipped costs the line that it is in, and nothing else", async () => {
    const wrong: unknown[] = [];
    for (let at = 0; at < bytes.length; at += 11) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      // Without its line feed a line takes the next one with it.
      const others = lines.filter(({ start, end }) => at < start - 1 || at >= end);
      const touched = lines.filter((line) => !others.includes(line));
      const { ends, spans, left, result } = await recovered(deadWith(flipped).directory);
      if (String(ends) !== String(endsIn(others))) wrong.push({ at, ends, left });
      if (result.damaged < 1) wrong.push({ at, damaged: result.damaged });
      const numbers = new Set(touched.map(({ n }) => n));
      const names = lines.filter(({ n, type }) => type === "B" && numbers.has(n));
      const untouched = spans.filter(({ name }) => !names.some(({ body }) => body.n === name));
      const hasSource = touched.every(({ type }) => type !== "S");
      if (hasSource && !untouched.every((span) => whole.has(documentOf(span)))) wrong.push({ at });
    }
    expect(wrong).toEqual([]);
  }, 120_000);
});
