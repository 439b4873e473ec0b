import { type AnthropicMessageEvent, anthropicMessageEvents } from "@otel-lifecycle/streams";
import { describe, expect, test } from "vitest";
import { type Told, toldOf } from "../support/recorded.ts";

const start = { type: "message_start", message: { id: "m" } };
const block = (index: number, content_block: object) => ({
  type: "content_block_start",
  index,
  content_block,
});
const delta = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });
const stop = (index: number) => ({ type: "content_block_stop", index });
const because = (stop_reason: string | null) => ({ type: "message_delta", delta: { stop_reason } });
const end = { type: "message_stop" };
const text = block(0, { type: "text", text: "" });
const use = block(0, { type: "tool_use", id: "c1", name: "search", input: {} });
const json = delta(0, { type: "input_json_delta", partial_json: "{" });
const web = block(0, { type: "server_tool_use", id: "s1", name: "web_search", input: {} });
const webResult = (content: unknown) =>
  block(1, { type: "web_search_tool_result", tool_use_id: "s1", content });

const SEARCH = { tool: "search", toolCallId: "c1" };
const WEB = { tool: "web_search", toolCallId: "s1", providerExecuted: true };
const WEB_RESULT = { toolCallId: "s1", providerExecuted: true };
const OPENED: Told[] = [["attempt_started"], ["stream_opened"]];
const BEGUN: Told[] = [...OPENED, ["provider_progress"]];
const CUT: Told = ["transport_failure"];

type Events = readonly AnthropicMessageEvent[];
const cases: readonly [title: string, events: Events, told: readonly Told[]][] = [
  ["a stream without an event was cut", [], [["attempt_started"], CUT]],
  ["a ping is no progress", [start, { type: "ping" }], [...OPENED, CUT]],
  ["a block of text that begins is no progress", [start, text], [...OPENED, CUT]],
  [
    "text, to its end",
    [start, text, delta(0, { type: "text_delta", text: "a" }), stop(0), because("end_turn"), end],
    [...BEGUN, ["text_output_started"], ["stream_completed"]],
  ],
  [
    "thinking that was cut",
    [start, block(0, { type: "thinking" }), delta(0, { type: "thinking_delta", thinking: "a" })],
    [...BEGUN, ["reasoning_output_started"], CUT],
  ],
  [
    "thinking that is withheld",
    [start, block(0, { type: "redacted_thinking", data: "x" }), stop(0), end],
    [...BEGUN, ["reasoning_output_started"], ["stream_completed"]],
  ],
  [
    "a signature is no output",
    [start, delta(0, { type: "signature_delta", signature: "x" }), end],
    [...OPENED, ["stream_completed"]],
  ],
  [
    "a call, which stands with the stop reason",
    [start, use, json, stop(0), because("tool_use"), end],
    [
      ...BEGUN,
      ["tool_input_started", SEARCH],
      ["tool_input_started", SEARCH],
      ["tool_input_completed", SEARCH],
      ["tool_call_materialized", SEARCH],
      ["stream_completed"],
    ],
  ],
  [
    "an input that was cut off by its length never stands",
    [start, use, json, stop(0), because("max_tokens"), end],
    [
      ...BEGUN,
      ["tool_input_started", SEARCH],
      ["tool_input_started", SEARCH],
      ["tool_input_completed", SEARCH],
      ["stream_completed"],
    ],
  ],
  [
    "an input that was cut by its connection",
    [start, use, json],
    [...BEGUN, ["tool_input_started", SEARCH], ["tool_input_started", SEARCH], CUT],
  ],
  [
    "a tool of the provider's stands as its block ends, and has its result in the stream",
    [start, web, stop(0), webResult([]), stop(1), end],
    [
      ...BEGUN,
      ["tool_input_started", WEB],
      ["tool_input_completed", WEB],
      ["tool_call_materialized", WEB],
      ["tool_execution_completed", WEB_RESULT],
      ["stream_completed"],
    ],
  ],
  [
    "a tool of the provider's that failed",
    [start, webResult({ type: "web_search_tool_result_error" }), end],
    [...BEGUN, ["tool_execution_failed", WEB_RESULT], ["stream_completed"]],
  ],
  [
    "an error is the stream's end",
    [start, { type: "error", error: { type: "overloaded_error", message: "secret" } }],
    [...OPENED, ["provider_error", { errorKind: "overloaded_error" }]],
  ],
  [
    "an event of another version is passed over",
    [start, { type: "toString" }, end],
    [...OPENED, ["stream_completed"]],
  ],
];

const toldOfCalls = async (count: number) => {
  const blocks = Array.from({ length: count }, (_, index) => ({ ...use, index }));
  const told = await toldOf(anthropicMessageEvents, [...blocks, because("tool_use"), end]);
  return told.filter(([type]) => type === "tool_call_materialized").length;
};

describe("the events of messages", () => {
  test("64 calls are followed at a time", async () => {
    expect([await toldOfCalls(64), await toldOfCalls(65)]).toEqual([64, 64]);
  });

  test.each(cases)("%s", async (_, events, told) => {
    expect(await toldOf(anthropicMessageEvents, events)).toEqual(told);
  });
});
