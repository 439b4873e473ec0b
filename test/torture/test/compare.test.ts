import { describe, expect, test } from "vitest";
import { compare } from "../src/compare/compare.ts";
import type { ArrivedSpan } from "../src/driver/otlp.ts";
import type { Step } from "../src/truth/steps.ts";
import {
  actionSpan,
  begun,
  completed,
  completedSpan,
  coveredSpan,
  covering,
  delivery,
  lifeOf,
  lostSpan,
  spanId,
} from "./fabricated.ts";

const findingsOf = (steps: readonly Step[], spans: readonly ArrivedSpan[]) =>
  compare(lifeOf(steps), [delivery(2, spans)]).findings;

const wrong = (what: string) => ({ type: "wrong", what: `${spanId(1)} run red: ${what}` });

describe("what is true finds nothing", () => {
  test.each<[string, readonly Step[], readonly ArrivedSpan[]]>([
    ["a run that was open, as lost", begun(1), [lostSpan(1)]],
    ["a run that had ended, as it ended", [...begun(1), ...completed(1)], [completedSpan(1)]],
    [
      "a run and the action that covered it",
      [...begun(1), ...covering(1)],
      [coveredSpan(1, 1), actionSpan(1)],
    ],
    ["nothing of a run that may not have begun", begun(1).slice(0, 1), []],
    ["a run that may not have begun, and did", begun(1).slice(0, 1), [lostSpan(1)]],
    ["a run about to end, as ended", [...begun(1), ["E", 1, "returned"]], [completedSpan(1)]],
    ["a run about to end, as lost", [...begun(1), ["E", 1, "returned"]], [lostSpan(1)]],
    [
      "a cover that may have been made, and was not",
      [...begun(1), ...covering(1).slice(0, 1)],
      [lostSpan(1)],
    ],
    [
      "a cover that lapsed with its code",
      [...begun(1), ...covering(1, { asks: false }), ["D", 1], ["d", 1], ["O", 1]],
      [lostSpan(1), actionSpan(1, "completed")],
    ],
    [
      "a run begun in the action's own code",
      [...covering(1), ...begun(1, { within: [1] })],
      [lostSpan(1), actionSpan(1)],
    ],
  ])("%s", (_title, steps, spans) => {
    expect(findingsOf(steps, spans)).toEqual([]);
  });
});

describe("what is untrue is found", () => {
  test("a run that certainly began, and never arrived", () => {
    expect(findingsOf(begun(1), [])).toEqual([
      { type: "lost", what: `${spanId(1)} run 1-1, open` },
    ]);
  });

  test("an action that never arrived", () => {
    const [, action = ""] = [spanId(1), `a${spanId(1).slice(1)} action 1-1`];
    expect(findingsOf([...begun(1), ...covering(1)], [coveredSpan(1, 1)])).toEqual([
      { type: "lost", what: action },
    ]);
  });

  test.each<[string, readonly Step[], ArrivedSpan, string]>([
    ["a run that was open, as ended", begun(1), completedSpan(1), "was open, and arrived as ended"],
    [
      "a run that had ended, as lost",
      [...begun(1), ...completed(1)],
      lostSpan(1, { status: 0 }),
      "lifecycle.run.result is lost, not completed; lifecycle.close.class is process_lost, not undefined; lifecycle.run.recovered is true, not undefined; torture.ended is undefined, not 1-1 returned",
    ],
    [
      "an action that had lapsed, as the cause",
      [...begun(1), ...covering(1, { asks: false }), ["D", 1], ["d", 1], ["O", 1]],
      coveredSpan(1, 1),
      "lost lifecycle_action dispose action-1, true is process_lost",
    ],
    [
      "the later of two causes",
      [...begun(1), ["X", 1], ["x", 1], ...covering(1)],
      coveredSpan(1, 1),
      "lost lifecycle_action dispose action-1, true is user_cancel",
    ],
    [
      "the death, where an action had covered it",
      [...begun(1), ...covering(1)],
      lostSpan(1),
      "lost process_lost, true is dispose action-1",
    ],
    [
      "an action of which it is part",
      [...covering(1), ...begun(1, { within: [1] })],
      coveredSpan(1, 1),
      "lost lifecycle_action dispose action-1, true is process_lost",
    ],
    [
      "another trace",
      begun(1),
      lostSpan(1, { traceId: "f".repeat(32) }),
      `trace is ${"f".repeat(32)}, not 0af7651916cd43dd8448eb211c80319c`,
    ],
    [
      "another parent",
      begun(1),
      lostSpan(1, { parentSpanId: spanId(9) }),
      `parent is ${spanId(9)}, not undefined`,
    ],
    ["another start", begun(1), lostSpan(1, { start: 1n }), "start is 1, not 1000000000"],
    [
      "an end after the death",
      begun(1),
      lostSpan(1, { end: 9_000_000_000n }),
      "ends after the death",
    ],
    [
      "the taker's resource",
      begun(1),
      lostSpan(1, { resource: { "service.instance.id": "torture-2", "process.pid": 43 } }),
      "service.instance.id is torture-2, not torture-1; process.pid is 43, not 42",
    ],
    ["no status", begun(1), lostSpan(1, { status: 0 }), "status is 0, not 2"],
    [
      "an end that is not its own",
      [...begun(1), ...completed(1)],
      completedSpan(1, { end: 1_600_000_000n }),
      "end is 1600000000, not 1500000000",
    ],
    [
      "a start without its attributes",
      begun(1),
      lostSpan(1, { attributes: { "torture.begun": "" } }),
      "torture.begun is , not begun 1-1",
    ],
  ])("%s", (_title, steps, span, what) => {
    const others = steps.some(([type]) => type === "a") ? [actionSpan(1)] : [];
    const findings = findingsOf(steps, [span, ...others]).filter(({ what: text }) =>
      text.startsWith(spanId(1)),
    );
    expect(findings).toEqual([wrong(what)]);
  });

  test("a link that is missing", () => {
    const span = { ...coveredSpan(1, 1), links: [] };
    expect(findingsOf([...begun(1), ...covering(1)], [span, actionSpan(1)])).toEqual([
      wrong(`links is , not a${spanId(1).slice(1)}`),
    ]);
  });

  test("a span that never was", () => {
    const foreign = lostSpan(7, { attributes: { "torture.key": "1-7" } });
    expect(findingsOf([], [foreign])).toEqual([
      { type: "wrong", what: `${spanId(7)} run red: never was` },
    ]);
    const nobody = { ...foreign, resource: { "service.instance.id": "somebody" } };
    expect(findingsOf([], [nobody])).toEqual([
      { type: "wrong", what: `${spanId(7)} run red: comes from nobody` },
    ]);
  });
});

describe("a span that comes twice", () => {
  const steps = [...begun(1), ...completed(1)];
  const twice = (
    first: Parameters<typeof delivery>[2],
    held: readonly string[],
    said: Step[] = [],
  ) =>
    compare(lifeOf([...steps, ...said], { held: new Set(held) }), [
      delivery(1, [completedSpan(1)], { at: 1_900, ...first }),
      delivery(2, [completedSpan(1)]),
    ]).findings;
  const duplicated = { type: "duplicated", what: `${spanId(1)} run red by 1, 2` };
  const outside = (reason: string, by = "1, 2") => ({
    type: "duplicatedOutsideWindow",
    what: `${spanId(1)} run red by ${by}: ${reason}`,
  });

  test("may do so where the journal held it at the death of who sent it first", () => {
    expect(twice({}, [spanId(1)])).toEqual([duplicated]);
  });

  test("may not where the journal held it no more", () => {
    expect(twice({}, [])).toEqual([duplicated, outside("sent again though no journal held it")]);
  });

  test("may not where the journal had the acknowledgement, whatever it holds", () => {
    expect(twice({}, [spanId(1)], [["K", [spanId(1)]]])).toEqual([
      duplicated,
      outside("sent again though the journal knew"),
    ]);
  });

  test("may not come from two who live", () => {
    const lives = lifeOf(steps, { diedAt: 9_000, held: new Set([spanId(1)]) });
    const both = new Map([...lives, ...lifeOf([], { process: 2, diedAt: 9_500 })]);
    const deliveries = [1, 2].map((process) => delivery(process, [completedSpan(1)]));
    expect(compare(both, deliveries).findings).toEqual([
      duplicated,
      outside("sent by two who lived"),
    ]);
  });

  test("may come from one process again only if it had no answer", () => {
    const again = (isAnswered: boolean) =>
      compare(lifeOf(steps), [
        delivery(1, [completedSpan(1)], { isAnswered }),
        delivery(1, [completedSpan(1)]),
      ]).findings;
    const twiceByOne = { ...duplicated, what: `${spanId(1)} run red by 1, 1` };
    expect(again(false)).toEqual([twiceByOne]);
    expect(again(true)).toEqual([
      twiceByOne,
      outside("sent again after its acknowledgement", "1, 1"),
    ]);
  });

  test("may not come from a recovery that had gone on to its next batch", () => {
    const recovered = (k: number) => delivery(2, [completedSpan(k)], { at: 1_900 });
    const lives = new Map([
      ...lifeOf([...steps, ...begun(2), ...completed(2)]),
      ...lifeOf([], { process: 2, diedAt: 2_500, held: new Set([spanId(1)]) }),
    ]);
    const again = delivery(3, [completedSpan(1)]);
    const last = { ...duplicated, what: `${spanId(1)} run red by 2, 3` };
    expect(compare(lives, [recovered(1), again]).findings.slice(0, 1)).toEqual([last]);
    expect(compare(lives, [recovered(1), recovered(2), again]).findings).toContainEqual(
      outside("sent again after the batch behind it", "2, 3"),
    );
  });

  test("has to say the same", () => {
    const other = completedSpan(1, { attributes: { "torture.pad": "" } });
    const { findings } = compare(lifeOf(steps, { held: new Set([spanId(1)]) }), [
      delivery(1, [completedSpan(1)], { at: 1_900 }),
      delivery(2, [other]),
    ]);
    expect(findings.map(({ type }) => type)).toEqual(["duplicated", "wrong"]);
  });
});
