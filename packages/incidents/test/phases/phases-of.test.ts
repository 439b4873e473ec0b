import { describe, expect, test } from "vitest";
import {
  by,
  byAction,
  ended,
  incidentOf,
  propagated,
  requested,
  type Told,
} from "../support/tell.ts";

const call = (type: string, toolCall = 1): Told => ({ type, tool: "search", toolCall });
const INPUT = call("tool_input_started");
const WHOLE_INPUT = [INPUT, call("tool_input_completed")];
const CALLED = [...WHOLE_INPUT, call("tool_call_materialized")];
const EXECUTING = [...CALLED, call("tool_execution_started")];
const EXECUTED = [...EXECUTING, call("tool_execution_completed")];
const OPEN = ["attempt_started", "stream_opened"];

/** run / stream / tool */
const phasesOf = (told: readonly Told[]): string | undefined => {
  const phases = incidentOf(told)?.phases;
  return phases && `${phases.run} / ${phases.stream} / ${phases.tool}`;
};

const TABLE: readonly (readonly [string, readonly Told[], string])[] = [
  ["nothing is told of its work", [], "unknown / unknown / unknown"],
  ["an application's own word", ["of_its_own"], "unknown / unknown / unknown"],
  [
    "what it may call",
    ["side_effect_boundary"],
    "before_provider_stream / before_first_event / none",
  ],
  ["an attempt", ["attempt_started"], "before_provider_stream / before_first_event / none"],
  ["an open stream", OPEN, "streaming / before_first_provider_progress / none"],
  ["progress of no kind", [...OPEN, "provider_progress"], "streaming / unknown / none"],
  ["reasoning", [...OPEN, "reasoning_output_started"], "streaming / reasoning_generation / none"],
  ["text", [...OPEN, "text_output_started"], "streaming / text_generation / none"],
  [
    "input of a tool",
    [...OPEN, INPUT],
    "tool_generation / tool_input_generation / tool_input_started",
  ],
  [
    "whole input",
    [...OPEN, ...WHOLE_INPUT],
    "tool_generation / after_tool_input_end / tool_input_completed",
  ],
  ["a call", [...OPEN, ...CALLED], "tool_generation / after_tool_call / tool_call_materialized"],
  [
    "a call, the stream completed",
    [...OPEN, ...CALLED, "stream_completed"],
    "tool_generation / completed / tool_call_materialized",
  ],
  [
    "an execution",
    [...OPEN, ...EXECUTING],
    "tool_execution / after_tool_call / tool_execution_started",
  ],
  [
    "an execution beside one that ended",
    [...OPEN, ...EXECUTING, call("tool_execution_started", 2), call("tool_execution_completed", 2)],
    "tool_execution / after_tool_call / tool_execution_started",
  ],
  [
    "a failure, and the same call executed again",
    [
      ...OPEN,
      ...EXECUTING,
      call("tool_execution_failed"),
      call("tool_execution_started"),
      call("tool_execution_completed"),
    ],
    "post_tool / after_tool_call / tool_execution_completed",
  ],
  ["a result", [...OPEN, ...EXECUTED], "post_tool / after_tool_call / tool_execution_completed"],
  [
    "a result, and the next attempt",
    [...OPEN, ...EXECUTED, ...OPEN],
    "post_tool / before_first_provider_progress / tool_execution_completed",
  ],
  [
    "a result that was answered",
    [...OPEN, ...EXECUTED, ...OPEN, "text_output_started"],
    "streaming / text_generation / tool_execution_completed",
  ],
  [
    "a failure that was answered",
    [...OPEN, ...EXECUTING, call("tool_execution_failed"), ...OPEN, "text_output_started"],
    "streaming / text_generation / tool_execution_started",
  ],
  [
    "a stream that completed",
    [...OPEN, "text_output_started", "stream_completed"],
    "streaming / completed / none",
  ],
  [
    "clean-up",
    [...OPEN, "text_output_started", "stream_completed", "finalizer_started"],
    "finalizing / completed / none",
  ],
  [
    "clean-up, and work again",
    [...OPEN, "finalizer_started", "finalizer_completed", "text_output_started"],
    "streaming / text_generation / none",
  ],
];

describe("how far it had got when it was told to stop, after", () => {
  const close = byAction("dispose");
  const AFTER: readonly Told[] = [
    "finalizer_started",
    call("tool_input_started", 9),
    call("tool_execution_started", 9),
    "text_output_started",
    "finalizer_completed",
  ];

  test.each(TABLE)("%s", (_title, told, phases) => {
    const closed = [...told, requested(close), propagated(close), ended("lifecycle_action")];
    expect(phasesOf(closed)).toBe(phases);
  });

  test.each(TABLE.slice(2))("%s, whatever was seen after that", (_title, told, phases) => {
    const closed = [...told, requested(close), propagated(close), ...AFTER];
    expect(phasesOf([...closed, ended("lifecycle_action")])).toBe(phases);
  });
});

describe("order counts from initiation, phase from observation", () => {
  const close = by("user_cancel");
  // Both have the place of the cancel on the counter; the run was told later.
  const asked = { ...(requested(close) as object), type: "close_requested", order: 2, at: 20 };
  const told = { ...(propagated(close) as object), type: "close_propagated", order: 2, at: 35 };
  const text = { type: "text_output_started", order: 3, at: 30 };
  const tool = { ...(call("tool_input_started") as object), type: "tool_input_started", order: 4 };

  test("what was seen before the run was told counts", () => {
    const seen = ["attempt_started", asked, text, told, { ...tool, at: 36 }, ended("user_cancel")];
    expect(phasesOf(seen)).toBe("streaming / text_generation / none");
  });

  test("at the same time, the place decides", () => {
    const seen = ["attempt_started", asked, { ...text, at: 35 }, told, ended("user_cancel")];
    expect(phasesOf(seen)).toBe("before_provider_stream / before_first_event / none");
  });

  test("a run that was never told went on until it ended", () => {
    const seen = ["attempt_started", asked, text, { ...tool, at: 36 }, ended("user_cancel")];
    expect(phasesOf(seen)).toBe("tool_generation / tool_input_generation / tool_input_started");
  });
});

describe("how far it had got when it broke", () => {
  test("a tool's failure was met while it executed", () => {
    const told = [...OPEN, ...EXECUTING, call("tool_execution_failed"), ended("error")];
    expect(phasesOf(told)).toBe("tool_execution / after_tool_call / tool_execution_started");
  });

  test("what clean-up did before an end of which nobody says the reason is no phase", () => {
    const told = [...OPEN, "text_output_started", "finalizer_started", "finalizer_completed"];
    expect(phasesOf([...told, ended("error")])).toBe("streaming / text_generation / none");
    expect(phasesOf([...told, ended("process_lost")])).toBe("finalizing / text_generation / none");
  });

  test("a failure is of its own attempt, though another one had begun", () => {
    const told = ["attempt_started", "text_output_started", "attempt_started"];
    expect(phasesOf([...told, { type: "transport_failure", attempt: 1 }, ended("error")])).toBe(
      "streaming / text_generation / none",
    );
  });

  test("nobody knows where what would tell was left out", () => {
    const omitted = { total: 2, byType: { text_output_started: 1, tool_input_started: 1 } };
    const told = ["attempt_started", "transport_failure", ended("error")];
    expect(incidentOf(told, { omitted })?.phases).toEqual({
      run: "unknown",
      stream: "unknown",
      tool: "unknown",
    });
  });
});
