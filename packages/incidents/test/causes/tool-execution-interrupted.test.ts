import { expect, test } from "vitest";
import { by, causeOf, ended, incidentOf, propagated, requested } from "../support/tell.ts";

const call = (type: string, toolCall = 1) => ({ type, tool: "shell", toolCall });
const EXECUTING = [call("tool_call_materialized"), call("tool_execution_started")];
const INTERRUPTED = call("pending_tool_interrupted");
const close = by("unknown_scope_close");
const UNKNOWN = "local_lifecycle_close.unknown_lifecycle_close";

test.each([
  ["while it executed", [...EXECUTING, INTERRUPTED], "tool_execution_interrupted"],
  [
    "while it executed, and then the run was asked",
    [...EXECUTING, INTERRUPTED, requested(close)],
    "tool_execution_interrupted",
  ],
  [
    "after the run was asked",
    [...EXECUTING, requested(close), propagated(close), INTERRUPTED],
    UNKNOWN,
  ],
  [
    "after the run was told, though nobody says that it was asked",
    [...EXECUTING, propagated(close), INTERRUPTED],
    UNKNOWN,
  ],
  ["by clean-up", [...EXECUTING, "finalizer_started", INTERRUPTED], UNKNOWN],
  ["before it executed", [call("tool_call_materialized"), INTERRUPTED], UNKNOWN],
  ["while its input was written", [call("tool_input_started"), INTERRUPTED], UNKNOWN],
  [
    "after it had completed",
    [...EXECUTING, call("tool_execution_completed"), INTERRUPTED],
    UNKNOWN,
  ],
  ["while another one executed", [...EXECUTING, call("pending_tool_interrupted", 2)], UNKNOWN],
  ["and the run went on", [...EXECUTING, INTERRUPTED, "attempt_started"], UNKNOWN],
  [
    "of a call that has no number",
    [...EXECUTING, { type: "pending_tool_interrupted" }],
    "tool_execution_interrupted",
  ],
] as const)("a tool was interrupted %s", (_title, told, cause) => {
  expect(causeOf(["attempt_started", ...told, ended("unknown_scope_close")])).toBe(cause);
});

test("a run that ended with an error of its own, too, if nothing else broke", () => {
  const told = ["attempt_started", ...EXECUTING, INTERRUPTED];
  expect(causeOf([...told, ended("error")])).toBe("tool_execution_interrupted");
  expect(causeOf([...told, call("tool_execution_failed"), ended("error")])).toBe(
    "tool_execution_failure",
  );
});

test("clean-up tells what was executing from what was pending, and promotes neither", () => {
  const told = [
    "attempt_started",
    ...EXECUTING,
    call("tool_call_materialized", 2),
    call("tool_input_started", 3),
    requested(close),
    propagated(close),
    INTERRUPTED,
    call("pending_tool_interrupted", 2),
    call("pending_tool_interrupted", 3),
    ended("unknown_scope_close"),
  ];
  expect(incidentOf(told)?.facts.tools).toEqual({
    input_pending: 1,
    not_executed: 1,
    running: 0,
    interrupted: 1,
    completed: 0,
    failed: 0,
  });
});
