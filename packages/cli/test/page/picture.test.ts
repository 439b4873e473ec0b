import { expect, test } from "vitest";
import { accountOf } from "../../src/index.ts";
import { pictureOf } from "../../src/page/picture.ts";
import {
  actionSpan,
  closedRun,
  completedRun,
  inheritedSpan,
  stoppedRun,
  TRACE_ID,
} from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";

const identity = (number: number) => ({
  traceId: TRACE_ID,
  spanId: number.toString(16).padStart(16, "0"),
  service: "agent",
  start: number - 1,
  end: number + 999,
});

test("a picture has what is known, with times from its own beginning", () => {
  const account = accountOf(
    spansOf(
      actionSpan(1, "01root", {
        "lifecycle.action.covered_run_count": 1,
        "lifecycle.action.interrupted_run_count": 1,
      }),
      stoppedRun(2, "r1", "01root", 0.2),
      completedRun(3, "r2"),
      closedRun(4, "r3", "lifecycle_action", {
        "lifecycle.close.action.id": "02absent",
        "lifecycle.close.action.kind": "shutdown",
        "lifecycle.interrupt.duration": -1,
        "lifecycle.close.missing": ["a", "b", "c", "d", "e", "f"],
        "lifecycle.run.recovered": true,
      }),
      inheritedSpan(5),
    ),
  );
  expect(pictureOf(account)).toEqual({
    origin: "1700000000001000000",
    actions: [
      {
        id: "01root",
        ...identity(1),
        depth: 0,
        kind: "dispose_all",
        scope: "instance_store",
        trigger: "http",
        operation: "POST /global/dispose",
        result: "completed",
        outcome: "1 stopped, slowest 0.2 s",
      },
      {
        id: "02absent",
        depth: 0,
        kind: "shutdown",
        absent: true,
        outcome: "1 stopped, the action's span is not in this input",
      },
    ],
    runs: [
      {
        id: "r1",
        name: "agent run",
        ...identity(2),
        scope: "directory",
        result: "interrupted",
        class: "lifecycle_action",
        confidence: "high",
        via: "registry",
        action: 0,
        interrupt: 200,
      },
      { id: "r2", name: "agent run", ...identity(3), scope: "directory", result: "completed" },
      {
        id: "r3",
        name: "agent run",
        ...identity(4),
        scope: "directory",
        result: "interrupted",
        class: "lifecycle_action",
        confidence: "high",
        action: 1,
        missing: ["a", "b", "c", "d", "e"],
        recovered: true,
      },
    ],
    inherited: 1,
    leftOut: { actions: 0, runs: 0 },
  });
});

test("a lost run has how its process ended, in words that are harmless", () => {
  const lost = { "lifecycle.run.result": "lost" };
  const { runs } = pictureOf(
    accountOf(
      spansOf(
        closedRun(1, "r1", "process_lost", {
          ...lost,
          "lifecycle.loss.reason": "exit",
          "lifecycle.loss.source": "supervisor",
          "lifecycle.loss.signal": "\u001b[2J",
          "process.exit.code": 1,
          "k8s.container.status.last_terminated_reason": "Error",
        }),
        closedRun(2, "r2", "process_lost", { ...lost, "lifecycle.loss.reason": "unknown" }),
        closedRun(3, "r3", "process_lost", lost),
      ),
    ),
  );
  expect(runs.map(({ loss }) => loss)).toEqual([
    {
      reason: "exit",
      words: "exit code 1 (Error)",
      source: "supervisor",
      signal: "\\u001b[2J",
      exitCode: 1,
      terminationReason: "Error",
    },
    { reason: "unknown" },
    undefined,
  ]);
});

test("nothing gives an empty picture", () => {
  expect(pictureOf(accountOf([]))).toEqual({
    origin: "0",
    actions: [],
    runs: [],
    inherited: 0,
    leftOut: { actions: 0, runs: 0 },
  });
});

test.each([
  [100_000, { kept: 100_000, completed: 2, leftOut: 0 }],
  [100_001, { kept: 100_000, completed: 1, leftOut: 1 }],
])("of %i runs completed ones make room first", (count, expected) => {
  const [first, closed] = accountOf(
    spansOf(completedRun(1, "r0"), closedRun(2, "r1", "timeout")),
  ).runs;
  if (first === undefined || closed === undefined) throw new Error("the fixture has no runs");
  const runs = [first, ...Array.from({ length: count - 2 }, () => ({ ...closed })), { ...first }];
  const picture = pictureOf({ actions: [], runs, inherited: 0 });
  expect({
    kept: picture.runs.length,
    completed: picture.runs.filter(({ result }) => result === "completed").length,
    leftOut: picture.leftOut.runs,
  }).toEqual(expected);
});

test.each([
  [20_000, 0],
  [20_001, 1],
])("of %i actions those beyond the bound are counted", (count, leftOut) => {
  const [action] = accountOf(spansOf(actionSpan(1, "a"))).actions;
  if (action === undefined) throw new Error("the fixture has no action");
  const actions = Array.from({ length: count }, (_, n) => ({ ...action, id: `a${n}` }));
  const picture = pictureOf({ actions, runs: [], inherited: 0 });
  expect([picture.actions.length, picture.leftOut]).toEqual([
    20_000,
    { actions: leftOut, runs: 0 },
  ]);
});

test.each([
  [59_999_999_999, 59_999_999_999_000],
  [60_000_000_000, undefined],
  [Number.MAX_VALUE, undefined],
])(
  "of %d seconds from being asked to having stopped %d milliseconds are drawn",
  (seconds, drawn) => {
    const [run] = pictureOf(accountOf(spansOf(stoppedRun(1, "r1", "01root", seconds)))).runs;
    expect(run?.interrupt).toBe(drawn);
  },
);
