import { expect, test } from "vitest";
import { accountOf, toJson } from "../../src/index.ts";
import {
  actionSpan,
  closedRun,
  completedRun,
  inheritedSpan,
  stoppedRun,
  TRACE_ID,
} from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";

/** What a span of the fixtures has by its number. */
const originOf = (number: number) => ({
  traceId: TRACE_ID,
  spanId: `000000000000000${number}`,
  service: "agent",
  startTimeUnixNano: `170000000000${number}000000`,
  endTimeUnixNano: `170000000100${number}000000`,
});

test("the document has every key, null where nothing is known", () => {
  const spans = spansOf(
    actionSpan(1, "01root", {
      "lifecycle.action.covered_run_count": 2,
      "lifecycle.action.interrupted_run_count": 1,
      "lifecycle.action.unsettled_run_count": 1,
    }),
    {
      number: 2,
      name: "bare",
      attributes: { "lifecycle.action.id": "02bare", "lifecycle.action.parent_id": "01root" },
    },
    stoppedRun(3, "r1", "01root", 0.2),
    completedRun(4, "r2"),
    closedRun(5, "r3", "unknown_scope_close", {
      "lifecycle.close.missing": ["lifecycle.close_requested"],
    }),
    inheritedSpan(6),
  );
  expect(toJson(accountOf(spans))).toStrictEqual({
    actions: [
      {
        id: "01root",
        kind: "dispose_all",
        scope: "instance_store",
        ...originOf(1),
        parentId: null,
        trigger: "http",
        operation: "POST /global/dispose",
        signal: null,
        result: "completed",
        runs: { covered: 2, interrupted: 1, completed: 0, failed: 0, other: 0, unsettled: 1 },
        closed: ["r1"],
      },
      {
        id: "02bare",
        kind: null,
        scope: null,
        ...originOf(2),
        parentId: "01root",
        trigger: null,
        operation: null,
        signal: null,
        result: null,
        runs: { covered: 0, interrupted: 0, completed: 0, failed: 0, other: 0, unsettled: 0 },
        closed: [],
      },
    ],
    runs: [
      {
        id: "r1",
        name: "agent run",
        scope: "directory",
        ...originOf(3),
        result: "interrupted",
        class: "lifecycle_action",
        confidence: "high",
        via: "registry",
        actionId: "01root",
        missing: [],
        interruptSeconds: 0.2,
        recovered: false,
      },
      {
        id: "r2",
        name: "agent run",
        scope: "directory",
        ...originOf(4),
        result: "completed",
        class: null,
        confidence: null,
        via: null,
        actionId: null,
        missing: null,
        interruptSeconds: null,
        recovered: null,
      },
      {
        id: "r3",
        name: "agent run",
        scope: "directory",
        ...originOf(5),
        result: "interrupted",
        class: "unknown_scope_close",
        confidence: "high",
        via: null,
        actionId: null,
        missing: ["lifecycle.close_requested"],
        interruptSeconds: null,
        recovered: false,
      },
    ],
    inherited: 1,
  });
});

test("how the process of a lost run ended stands with that run, null where nothing is known", () => {
  const lost = { "lifecycle.run.result": "lost" };
  const spans = spansOf(
    closedRun(1, "r1", "process_lost", {
      ...lost,
      "lifecycle.loss.reason": "oom_kill",
      "lifecycle.loss.source": "kubernetes",
      "lifecycle.loss.signal": "SIGKILL",
      "process.exit.code": 137,
      "k8s.container.status.last_terminated_reason": "OOMKilled",
    }),
    closedRun(2, "r2", "process_lost", { ...lost, "lifecycle.loss.reason": "unknown" }),
    closedRun(3, "r3", "process_lost", lost),
  );
  expect(toJson(accountOf(spans)).runs.map(({ loss }) => loss)).toEqual([
    {
      reason: "oom_kill",
      source: "kubernetes",
      signal: "SIGKILL",
      exitCode: 137,
      terminationReason: "OOMKilled",
    },
    { reason: "unknown", source: null, signal: null, exitCode: null, terminationReason: null },
    undefined,
  ]);
});

test("a time or a service that the input does not tell is null", () => {
  const [span] = spansOf(completedRun(1, "r1"));
  const untold = span && {
    ...span,
    service: undefined,
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
  };
  expect(toJson(accountOf(untold ? [untold] : [])).runs).toMatchObject([
    { id: "r1", service: null, startTimeUnixNano: null, endTimeUnixNano: null },
  ]);
});
