import { describe, expect, test } from "vitest";
import { causeOf, ended, type Told } from "../support/tell.ts";

const call = (type: string, toolCall = 1): Told => ({ type, tool: "search", toolCall });
const CALLED = ["tool_input_started", "tool_input_completed", "tool_call_materialized"].map(
  (type) => call(type),
);
const EXECUTED = [...CALLED, call("tool_execution_started"), call("tool_execution_completed")];

const TABLE: readonly (readonly [string, readonly Told[], string])[] = [
  ["nothing began", [], "before_first_provider_progress"],
  ["the attempt began", ["attempt_started"], "before_first_provider_progress"],
  [
    "text after a call that waits, the answer not whole",
    ["attempt_started", ...CALLED, "text_output_started"],
    "during_text_generation",
  ],
  ["the stream opened", ["attempt_started", "stream_opened"], "before_first_provider_progress"],
  ["text", ["attempt_started", "text_output_started"], "during_text_generation"],
  ["reasoning", ["attempt_started", "reasoning_output_started"], "during_reasoning_generation"],
  [
    "reasoning, then text",
    ["attempt_started", "reasoning_output_started", "text_output_started"],
    "during_text_generation",
  ],
  [
    "text, reasoning, and text again",
    [
      "attempt_started",
      { type: "text_output_started", count: 2, lastAt: 35 },
      "reasoning_output_started",
    ],
    "during_text_generation",
  ],
  [
    "input of a tool",
    ["attempt_started", call("tool_input_started")],
    "during_tool_input_generation",
  ],
  [
    "input that stood whole",
    ["attempt_started", ...CALLED.slice(0, 2)],
    "during_tool_input_generation",
  ],
  ["a call that stood whole", ["attempt_started", ...CALLED], "after_tool_call_before_execution"],
  [
    "a tool was executing",
    ["attempt_started", ...CALLED, call("tool_execution_started")],
    "unknown_stream_phase",
  ],
  ["a result", ["attempt_started", ...EXECUTED], "after_tool_result"],
  [
    "a tool's failure that the model was to be told",
    [
      "attempt_started",
      ...CALLED,
      call("tool_execution_started"),
      call("tool_execution_failed"),
      "attempt_started",
    ],
    "after_tool_result",
  ],
  [
    "a result, and the next attempt",
    ["attempt_started", ...EXECUTED, "stream_completed", "attempt_started", "stream_opened"],
    "after_tool_result",
  ],
  [
    "a result, and text after it",
    ["attempt_started", ...EXECUTED, "attempt_started", "text_output_started"],
    "during_text_generation",
  ],
  [
    "a result that was answered, and the retry of the answer",
    [
      "attempt_started",
      ...EXECUTED,
      "attempt_started",
      "text_output_started",
      "transport_failure",
      "attempt_started",
    ],
    "before_first_provider_progress",
  ],
  [
    "text, and the retry of it",
    ["attempt_started", "text_output_started", "transport_failure", "attempt_started"],
    "before_first_provider_progress",
  ],
  ["progress of no kind", ["attempt_started", "provider_progress"], "unknown_stream_phase"],
  [
    "a stream that had completed",
    ["attempt_started", "text_output_started", "stream_completed"],
    "unknown_stream_phase",
  ],
  [
    "a stream that had completed with a call that stood whole",
    ["attempt_started", ...CALLED, "stream_completed"],
    "after_tool_call_before_execution",
  ],
];

describe("where the connection broke", () => {
  test.each(TABLE)("%s: %o", (_title, told, subcause) => {
    const broken = [...told, "transport_failure", ended("upstream_disconnect")];
    expect(causeOf(broken)).toBe(`provider_transport_disconnect.${subcause}`);
  });

  test("the call of a tool that the provider executes may be executing", () => {
    const told = { type: "tool_call_materialized", tool: "web_search", providerExecuted: true };
    expect(
      causeOf(["attempt_started", told, "transport_failure", ended("upstream_disconnect")]),
    ).toBe("provider_transport_disconnect.unknown_stream_phase");
  });

  test("nobody knows if what would tell was left out within the attempt", () => {
    const told = ["attempt_started", "transport_failure", ended("upstream_disconnect")];
    const omitted = (after: number | undefined) => ({
      omitted: { total: 1, byType: { text_output_started: 1 }, gaps: [{ after, count: 1 }] },
    });
    expect(causeOf(told, omitted(1))).toBe("provider_transport_disconnect.unknown_stream_phase");
    expect(causeOf(told, omitted(undefined))).toBe(
      "provider_transport_disconnect.before_first_provider_progress",
    );
  });
});

describe("an attempt that never got a connection, by the code of the run's error", () => {
  const error = (code: string) =>
    ({ error: { proof: "error", name: "TypeError", causeCode: code } }) as const;

  test.each([
    "EAI_AGAIN",
    "ECONNABORTED",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTDOWN",
    "EHOSTUNREACH",
    "ENETDOWN",
    "ENETUNREACH",
    "ENOTFOUND",
    "ETIMEDOUT",
  ])("%s", (code) => {
    expect(causeOf(["attempt_started", ended("error", error(code))])).toBe(
      "provider_transport_disconnect.before_first_provider_progress",
    );
  });

  test.each([
    ["another code", ["attempt_started", ended("error", error("ENOENT"))]],
    ["no attempt", [ended("error", error("ECONNREFUSED"))]],
    [
      "an answer that had begun",
      ["attempt_started", "text_output_started", ended("error", error("ECONNREFUSED"))],
    ],
    [
      "a tool that was executing",
      ["attempt_started", call("tool_execution_started"), ended("error", error("ECONNREFUSED"))],
    ],
  ] as const)("not with %s", (_title, told) => {
    expect(causeOf(told)).toBe("unknown_interruption");
  });
});

test("where what the provider may have begun to answer was left out, nobody knows", () => {
  const told = [...EXECUTED, "attempt_started", "transport_failure", ended("upstream_disconnect")];
  const omitted = {
    total: 1,
    byType: { text_output_started: 1 },
    gaps: [{ after: EXECUTED.length + 1, count: 1 }],
  };
  expect([causeOf(told), causeOf(told, { omitted })]).toEqual([
    "provider_transport_disconnect.after_tool_result",
    "provider_transport_disconnect.unknown_stream_phase",
  ]);
});
