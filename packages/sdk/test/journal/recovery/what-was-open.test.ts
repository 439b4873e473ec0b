import { describe, expect, test } from "vitest";
import { recoverJournals } from "../../../src/journal/recovery/recover.ts";
import { usePlace } from "../folder/journals.ts";
import {
  action,
  BEGAN,
  createExporter,
  ended,
  header,
  idOf,
  LAST_SIGN,
  type Line,
  leave,
  run,
  source,
  start,
  TRACE,
} from "./dead-journal.ts";

const place = usePlace();

/** What is exported of one journal, by the numbers of its spans. */
const recovered = async (...lines: readonly Line[]) => {
  leave(place.directory, [[header(), source(), ...lines]]);
  const { exporter, batches } = createExporter();
  const result = await recoverJournals(place.directory, exporter);
  const spans = batches.flat();
  return {
    result,
    numbers: spans.map((span) => Number.parseInt(span.spanContext().spanId, 16)),
    of: (n: number) => spans.find((span) => span.spanContext().spanId === idOf(n)),
    attributesOf: (n: number) =>
      spans.find((span) => span.spanContext().spanId === idOf(n))?.attributes ?? {},
  };
};

const cause = (n: number, q: number, body: object = {}): Line => [
  "C",
  n,
  { q, type: "user_cancel", via: "api", ...body },
];
const other = {
  id: "far",
  kind: "reload",
  trigger: "cli",
  t: "a".repeat(32),
  s: "b".repeat(16),
  f: 1,
};

describe("who had closed a run before its process went (rule 2)", () => {
  test.each<[string, readonly Line[], object]>([
    [
      "a cancel before the cover",
      [cause(1, 11), action(2)],
      { "lifecycle.close.class": "user_cancel", "lifecycle.close.confidence": "medium" },
    ],
    [
      "the cover before a cancel",
      [action(2), cause(1, 21)],
      { "lifecycle.close.class": "lifecycle_action", "lifecycle.close.action.id": "action-2" },
    ],
    [
      "the first of two covers",
      [action(3), action(2)],
      { "lifecycle.close.class": "lifecycle_action", "lifecycle.close.action.id": "action-2" },
    ],
    [
      "an abort without provenance",
      [cause(1, 11, { type: "unknown_scope_close" })],
      {
        "lifecycle.close.class": "unknown_scope_close",
        "lifecycle.close.confidence": "low",
        "lifecycle.close.missing": ["lifecycle.close_requested"],
      },
    ],
    [
      "an action of another process",
      [cause(1, 11, { type: "lifecycle_action", action: other })],
      {
        "lifecycle.close.class": "lifecycle_action",
        "lifecycle.close.action.id": "far",
        "lifecycle.close.action.kind": "reload",
        "lifecycle.close.action.trigger": "cli",
        "lifecycle.close.action.trace_id": other.t,
        "lifecycle.close.action.span_id": other.s,
      },
    ],
    ["an action that had ended: nobody", [action(2), ended(2)], LOST()],
    ["an action whose cover had lapsed: nobody", [action(2), ["D", 2, { q: 21, o: true }]], LOST()],
    ["an action on another scope: nobody", [action(2, { sc: 8 })], LOST()],
    ["the action in whose code it began: nobody", [action(2, { id: "mine" })], LOST()],
    ["the action that was started in its code: nobody", [action(2, { h: [10] })], LOST()],
    [
      "an action whose code was done before it began: nobody",
      [action(2, { q: 5 }), ["D", 2, { q: 9 }]],
      LOST(),
    ],
    [
      "an action whose code was done after it began",
      [action(2, { q: 5 }), ["D", 2, { q: 11 }]],
      { "lifecycle.close.action.id": "action-2" },
    ],
    [
      "an action whose code was done before anything else took a number",
      [action(2, { q: 5 }), ["D", 2, { q: 10 }]],
      { "lifecycle.close.action.id": "action-2" },
    ],
    [
      "one that is final, though its code was done and its span had ended",
      [action(2, { q: 5 }), ["D", 2, { q: 9, final: true }], ended(2)],
      { "lifecycle.close.action.id": "action-2" },
    ],
    [
      "one that is final and was exported",
      [action(2, { q: 5, final: true, sent: true })],
      { "lifecycle.close.action.id": "action-2" },
    ],
  ])("%s", async (_, lines, expected) => {
    const { attributesOf } = await recovered(run(1, { bi: ["mine"] }), ...lines);
    expect(attributesOf(1)).toMatchObject({ "lifecycle.run.result": "lost", ...expected });
  });

  test("a span that is its ancestor in the same trace is not linked", async () => {
    const action2 = { type: "lifecycle_action", action: { ...other, id: "mine", t: TRACE } };
    const { of } = await recovered(run(1, { bi: ["mine"] }), cause(1, 11, action2));
    expect(of(1)?.links).toEqual([]);
  });

  test("a run that its span was before leaves it nothing", async () => {
    const { attributesOf } = await recovered(
      run(1),
      cause(1, 11),
      ["U", 1, { q: 10, a: { x: 1 } }],
      run(1, { q: 30 }),
    );
    expect(attributesOf(1)).toMatchObject(LOST());
    expect(attributesOf(1)).not.toHaveProperty("x");
  });

  test("in whichever order the records stand, and however often", async () => {
    const lines = [run(1), cause(1, 11), action(2), ["D", 2, { q: 25 }] as const, run(3)];
    const forth = await recovered(...lines);
    const back = await recovered(...[...lines, ...lines].reverse());
    for (const n of [1, 2, 3]) {
      expect(back.attributesOf(n)).toEqual(forth.attributesOf(n));
      expect(back.of(n)?.links).toEqual(forth.of(n)?.links);
    }
  });
});

function LOST() {
  return { "lifecycle.close.class": "process_lost", "lifecycle.close.confidence": "high" };
}

describe("what else was open", () => {
  test("a root that had left its place inherits, and has no result", async () => {
    const { attributesOf, of, result } = await recovered(run(1), ["Y", 1, { q: 10 }]);
    expect(attributesOf(1)).toEqual({
      "lifecycle.scope.kind": "process",
      "lifecycle.close.inherited_class": "process_lost",
    });
    expect(of(1)?.status).toEqual({ code: 0 });
    expect(result).toMatchObject({ exported: 1, lost: 0 });
  });

  test("the span of a run that was over carries what it carried, until the last sign of life", async () => {
    const { of, result } = await recovered(run(1), [
      "U",
      1,
      { q: 10, a: { "lifecycle.run.result": "completed" }, d: ["lifecycle.scope.kind"] },
    ]);
    expect(of(1)).toMatchObject({ status: { code: 0 }, endTime: [LAST_SIGN / 1000, 0] });
    expect(of(1)?.attributes).toEqual({
      "lifecycle.run.result": "completed",
      "lifecycle.run.recovered": true,
    });
    expect(result).toMatchObject({ exported: 1, lost: 0 });
  });

  test("a whole span goes as it is", async () => {
    const finished = { ...start(4, { n: "interrupt agent" }), et: [BEGAN + 1, 0], x: [2, "no"] };
    const { of } = await recovered(["F", 4, finished]);
    expect(of(4)).toMatchObject({
      name: "interrupt agent",
      endTime: [BEGAN + 1, 0],
      status: { code: 2, message: "no" },
    });
  });

  test("what began after the last sign of life ends as it begins", async () => {
    const { of } = await recovered(run(1, {}, { st: [LAST_SIGN / 1000 + 3, 5] }));
    expect(of(1)).toMatchObject({ endTime: [LAST_SIGN / 1000 + 3, 5], duration: [0, 0] });
  });

  test("what the head sampler had dropped is exported if it was to be rescued, else not", async () => {
    const turned = { f: 0, a: { "lifecycle.sampling.rescued": false } };
    const { numbers, attributesOf, of, result } = await recovered(
      run(1, {}, turned),
      run(2, {}, { f: 0 }),
      action(3, { sc: 8 }, turned),
    );
    expect(numbers).toEqual([1]);
    expect(attributesOf(1)["lifecycle.sampling.rescued"]).toBe(true);
    expect(of(1)?.spanContext().traceFlags).toBe(1);
    expect(result).toMatchObject({ exported: 1, isComplete: true });
  });

  test("an action links to its first 100 runs, and counts all", async () => {
    const runs = Array.from({ length: 101 }, (_, index) => run(index + 1));
    const { of, attributesOf } = await recovered(...runs, action(200));
    expect(of(200)?.links).toHaveLength(100);
    expect(attributesOf(200)["lifecycle.action.unsettled_run_count"]).toBe(101);
  });
});
