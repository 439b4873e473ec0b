import { expect, test } from "vitest";
import { accountOf } from "../../src/index.ts";
import { DISPOSAL } from "../disposal.ts";
import { actionSpan, closedRun, completedRun, stoppedRun, TRACE_ID } from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";

const NO_RUNS = { covered: 0, interrupted: 0, completed: 0, failed: 0, other: 0, unsettled: 0 };

test("an account has whole actions with the runs that they closed", () => {
  const run = {
    type: "closed",
    id: "r1",
    name: "agent run",
    traceId: TRACE_ID,
    spanId: "0000000000000002",
    scope: "directory",
    scopeKey: undefined,
    service: "agent",
    startTimeUnixNano: 1_700_000_000_002_000_000n,
    endTimeUnixNano: 1_700_000_001_002_000_000n,
    result: "interrupted",
    close: {
      class: "lifecycle_action",
      confidence: "high",
      via: "registry",
      action: { id: "01root", kind: "dispose_all", trigger: "http" },
      missing: [],
      errorType: undefined,
      interruptSeconds: 0.2,
      recovered: false,
    },
  };
  expect(accountOf(spansOf(actionSpan(1, "01root"), stoppedRun(2, "r1", "01root", 0.2)))).toEqual({
    actions: [
      {
        id: "01root",
        kind: "dispose_all",
        scope: "instance_store",
        scopeKey: undefined,
        service: "agent",
        startTimeUnixNano: 1_700_000_000_001_000_000n,
        endTimeUnixNano: 1_700_000_001_001_000_000n,
        traceId: TRACE_ID,
        spanId: "0000000000000001",
        parentId: undefined,
        trigger: "http",
        operation: "POST /global/dispose",
        signal: undefined,
        result: "completed",
        errorType: undefined,
        runs: NO_RUNS,
        closed: [run],
      },
    ],
    runs: [run],
    inherited: 0,
  });
});

test("no spans give an empty account", () => {
  expect(accountOf([])).toEqual({ actions: [], runs: [], inherited: 0 });
});

test("interrupt spans and actions are no runs, and inherited classes are counted", () => {
  const { actions, runs, inherited } = accountOf(spansOf(...DISPOSAL));
  expect(actions.map(({ id }) => id)).toEqual(["01root", "01nested"]);
  expect(runs.map(({ id }) => id)).toEqual([
    "r1",
    "r2",
    "r3",
    "r0",
    "r4",
    "r5",
    "r6",
    "r7",
    "r8",
    "r9",
    "r10",
  ]);
  expect(inherited).toBe(2);
});

test("the order in which spans came makes no difference", () => {
  const spans = spansOf(...DISPOSAL);
  expect(accountOf(spans.toReversed())).toEqual(accountOf(spans));
});

test("a span that was delivered twice counts once", () => {
  const spans = spansOf(...DISPOSAL);
  expect(accountOf([...spans, ...spans])).toEqual(accountOf(spans));
});

test("a run without an id of its own has its span's", () => {
  const [run] = accountOf(
    spansOf({ ...completedRun(7, ""), attributes: { "lifecycle.run.result": "completed" } }),
  ).runs;
  expect(run).toEqual({
    type: "completed",
    id: "0000000000000007",
    name: "agent run",
    traceId: TRACE_ID,
    spanId: "0000000000000007",
    scope: undefined,
    scopeKey: undefined,
    service: "agent",
    startTimeUnixNano: 1_700_000_000_007_000_000n,
    endTimeUnixNano: 1_700_000_001_007_000_000n,
  });
});

test("runs of one start are ordered by span id", () => {
  const [one, two] = spansOf(completedRun(1, "one"), completedRun(2, "two"));
  const together = [two, one].flatMap((span) => (span ? [{ ...span, startTimeUnixNano: 0n }] : []));
  expect(accountOf(together).runs.map(({ id }) => id)).toEqual(["one", "two"]);
});

test.each([
  ["a string", "4", 4],
  ["a number", 4, 4],
  ["a negative number", -4, 0],
  ["a fraction", 1.5, 0],
  ["words", "many", 0],
  ["a list", ["4"], 0],
])("a count that is %s", (_, count, covered) => {
  const [action] = accountOf(
    spansOf(actionSpan(1, "01", { "lifecycle.action.covered_run_count": count })),
  ).actions;
  expect(action?.runs).toEqual({ ...NO_RUNS, covered });
});

test("attributes of another type than the conventions say are absent", () => {
  const [run] = accountOf(
    spansOf(
      closedRun(1, "r1", "error", {
        "lifecycle.close.via": 7,
        "lifecycle.close.missing": "lifecycle.close_requested",
        "lifecycle.interrupt.duration": "soon",
        "lifecycle.run.recovered": "true",
      }),
    ),
  ).runs;
  expect(run).toMatchObject({
    close: {
      via: undefined,
      missing: ["lifecycle.close_requested"],
      interruptSeconds: undefined,
      recovered: true,
    },
  });
});
