import { type AiSdkPart, aiSdkParts } from "@otel-lifecycle/streams";
import { describe, expect, test } from "vitest";
import { brokenOff, type Told, toldOf } from "../support/recorded.ts";

const begun: AiSdkPart[] = [{ type: "start" }, { type: "start-step" }];
const said = (text: string) => ({ type: "text-delta", id: "1", text });
const aborted = { type: "abort", reason: "the user did" };
const call = { type: "tool-call", toolCallId: "c1", toolName: "search", input: { secret: 1 } };
const inputStart = { type: "tool-input-start", id: "c1", toolName: "search" };
const search = { tool: "search", toolCallId: "c1" };
const step: AiSdkPart = { type: "finish-step", finishReason: "tool-calls" };
const end: AiSdkPart[] = [
  { type: "finish-step", finishReason: "stop" },
  { type: "finish", finishReason: "stop" },
];
const OPENED: Told[] = [["attempt_started"], ["stream_opened"]];
const BEGUN: Told[] = [...OPENED, ["provider_progress"]];

const cases: readonly [title: string, parts: readonly AiSdkPart[], told: readonly Told[]][] = [
  ["`start` comes from the SDK itself", [{ type: "start" }], [["attempt_started"]]],
  ["a step that starts is a stream that opens", begun, OPENED],
  ["a text that starts is no progress", [...begun, { type: "text-start", id: "1" }], OPENED],
  ["an empty delta is no progress", [...begun, said("")], OPENED],
  [
    "each delta of a text tells it again",
    [...begun, said("a"), said("b"), ...end],
    [...BEGUN, ["text_output_started"], ["text_output_started"], ["stream_completed"]],
  ],
  [
    "reasoning, then text",
    [...begun, { type: "reasoning-start" }, { type: "reasoning-delta", text: "a" }, said("b")],
    [...BEGUN, ["reasoning_output_started"], ["text_output_started"]],
  ],
  [
    "a tool's input, its call and its result",
    [
      ...begun,
      inputStart,
      { type: "tool-input-delta", id: "c1", text: "{" },
      { type: "tool-input-end", id: "c1" },
      call,
      { type: "tool-result", ...search, toolName: "search" },
      step,
    ],
    [
      ...BEGUN,
      ["tool_input_started", search],
      ["tool_input_started", search],
      ["tool_input_completed", search],
      ["tool_call_materialized", search],
      ["tool_execution_completed", search],
      ["stream_completed"],
    ],
  ],
  [
    "a call without an input before it is progress",
    [...begun, call],
    [...BEGUN, ["tool_call_materialized", search]],
  ],
  [
    "a call that the provider executes",
    [...begun, { ...call, providerExecuted: true }],
    [...BEGUN, ["tool_call_materialized", { ...search, providerExecuted: true }]],
  ],
  [
    "a preliminary result is not the end of an execution",
    [...begun, call, { type: "tool-result", ...search, toolName: "search", preliminary: true }],
    [...BEGUN, ["tool_call_materialized", search]],
  ],
  [
    "a call that the SDK refuses stands no more than it fails",
    [
      ...begun,
      inputStart,
      { ...call, invalid: true },
      { ...call, type: "tool-error", error: "unknown tool" },
    ],
    [...BEGUN, ["tool_input_started", search]],
  ],
  [
    "an execution that is denied has not happened",
    [...begun, call, { ...call, type: "tool-output-denied" }],
    [...BEGUN, ["tool_call_materialized", search]],
  ],
  ["a source is progress", [...begun, { type: "source", id: "s" }], BEGUN],
  [
    "each step is an attempt of its own",
    [...begun, said("a"), step, { type: "start-step" }, said("b"), ...end],
    [
      ...BEGUN,
      ["text_output_started"],
      ["stream_completed"],
      ...BEGUN,
      ["text_output_started"],
      ["stream_completed"],
    ],
  ],
  ["an abort says not who", [...begun, aborted], OPENED],
  [
    "the step that an error ends is not completed",
    [...begun, { type: "error", error: "no" }, { type: "finish-step", finishReason: "error" }],
    [...OPENED, ["provider_error"]],
  ],
  [
    "an error of the provider's own says its kind",
    [...begun, { type: "error", error: { type: "overloaded_error", message: "secret" } }],
    [...OPENED, ["provider_error", { errorKind: "overloaded_error" }]],
  ],
  ["a part of another version is passed over", [...begun, { type: "constructor" }], OPENED],
];

describe("the parts of the AI SDK", () => {
  test.each(cases)("%s", async (_, parts, told) => {
    expect(await toldOf(aiSdkParts, parts)).toEqual(told);
  });

  test("an error part is what its names and codes prove", async () => {
    const error = brokenOff();
    expect(await toldOf(aiSdkParts, [...begun, said("a"), { type: "error", error }])).toEqual([
      ...BEGUN,
      ["text_output_started"],
      ["transport_failure", { error }],
    ]);
  });

  test("an error after a step is the next one's", async () => {
    const error = brokenOff();
    const parts = [...begun, call, step, { type: "error", error }];
    expect(await toldOf(aiSdkParts, parts)).toEqual([
      ...BEGUN,
      ["tool_call_materialized", search],
      ["stream_completed"],
      ["attempt_started"],
      ["transport_failure", { error }],
    ]);
  });

  test("64 refused calls are remembered", async () => {
    const refused = Array.from({ length: 65 }, (_, index) => ({
      ...call,
      toolCallId: `c${index}`,
      invalid: true,
    }));
    const errors = refused.map((one) => ({ ...one, type: "tool-error", error: "no" }));
    expect(await toldOf(aiSdkParts, [...begun, ...refused, ...errors])).toEqual([
      ...OPENED,
      ["tool_execution_failed", { tool: "search", toolCallId: "c64", error: "no" }],
    ]);
  });

  test("a tool that failed says with what", async () => {
    const error = new RangeError("secret");
    expect(
      await toldOf(aiSdkParts, [...begun, call, { ...call, type: "tool-error", error }]),
    ).toEqual([
      ...BEGUN,
      ["tool_call_materialized", search],
      ["tool_execution_failed", { ...search, error }],
    ]);
  });
});
