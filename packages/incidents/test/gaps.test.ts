import { expect, test } from "vitest";
import { byAction, ended, incidentOf, requested, type Told } from "./support/tell.ts";

const BOUNDARY: Told = { type: "side_effect_boundary", boundary: { exposed: 0, tools: [] } };
const call = (type: string): Told => ({ type, tool: "shell", toolCall: 1 });
const CALLED = [call("tool_call_materialized"), call("tool_execution_started")];
const gapsOf = (told: readonly Told[], byType: Record<string, number> = {}) => {
  const total = Object.keys(byType).length;
  return incidentOf([...told, ended("error")], { omitted: { total, byType } })?.gaps;
};

test.each<readonly [string, readonly Told[], readonly string[]]>([
  ["nothing, before a provider was asked", [], []],
  ["what the model could have called", ["attempt_started"], ["side_effect.boundary_unknown"]],
  ["nothing, if that is told", [BOUNDARY, "attempt_started"], []],
  [
    "an order",
    [BOUNDARY, { type: "attempt_started", order: Number.NaN }],
    ["evidence.ordering_missing"],
  ],
  ["a call", [BOUNDARY, call("tool_execution_started")], ["tool.materialization_missing"]],
  [
    "the beginning of an execution",
    [BOUNDARY, call("tool_call_materialized"), call("tool_execution_completed")],
    ["tool_execution.start_missing"],
  ],
  [
    "the beginning of input",
    [BOUNDARY, call("tool_input_completed"), ...CALLED],
    ["tool_input.start_missing"],
  ],
  ["nothing, if the provider streams no input", [BOUNDARY, ...CALLED], []],
  [
    "nothing, if the provider executes",
    [
      BOUNDARY,
      { type: "tool_call_materialized", toolCall: 1, providerExecuted: true },
      { type: "tool_execution_completed", toolCall: 1 },
    ],
    [],
  ],
  [
    "all of it",
    [
      call("tool_input_completed"),
      call("tool_execution_completed"),
      { type: "x", order: Number.NaN },
    ],
    [
      "side_effect.boundary_unknown",
      "evidence.ordering_missing",
      "tool.materialization_missing",
      "tool_execution.start_missing",
      "tool_input.start_missing",
    ],
  ],
])("there is missing: %s", (_title, told, gaps) => {
  expect(gapsOf(told)).toEqual(gaps);
});

test.each<readonly [string, readonly Told[]]>([
  ["side_effect_boundary", ["attempt_started"]],
  ["tool_call_materialized", [BOUNDARY, call("tool_execution_started")]],
  [
    "tool_execution_started",
    [BOUNDARY, call("tool_call_materialized"), call("tool_execution_failed")],
  ],
  ["tool_input_started", [BOUNDARY, call("tool_input_completed"), ...CALLED]],
])("nothing is missing that the bound left out: %s", (type, told) => {
  expect(gapsOf(told)).not.toEqual([]);
  expect(gapsOf(told, { [type]: 1 })).toEqual([]);
});

test("the gaps of the chain are the incident's", () => {
  const told = [requested(byAction("dispose")), ended("lifecycle_action")];
  expect(incidentOf(told)?.gaps).toEqual(["lifecycle.request_context_missing"]);
});
