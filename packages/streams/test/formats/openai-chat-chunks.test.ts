import { type OpenAiChatChunk, openAiChatChunks } from "@otel-lifecycle/streams";
import { describe, expect, test } from "vitest";
import { type Told, toldOf } from "../support/recorded.ts";

type Chunk = OpenAiChatChunk | "[DONE]";

const delta = (delta: unknown, finish_reason: string | null = null, index = 0): Chunk => ({
  choices: [{ index, delta, finish_reason }],
});
const calling = (index: number, call: object) => delta({ tool_calls: [{ index, ...call }] });
const role = delta({ role: "assistant", content: "" });
const search = calling(0, { id: "c1", function: { name: "search", arguments: "" } });
const more = calling(0, { function: { arguments: "{}" } });
const read = calling(1, { id: "c2", function: { name: "read", arguments: "" } });
const SEARCH = { tool: "search", toolCallId: "c1" };
const READ = { tool: "read", toolCallId: "c2" };
const OPENED: Told[] = [["attempt_started"], ["stream_opened"]];
const BEGUN: Told[] = [...OPENED, ["provider_progress"]];
const CUT: Told = ["transport_failure"];

const cases: readonly [title: string, chunks: readonly Chunk[], told: readonly Told[]][] = [
  ["a stream without a part was cut", [], [["attempt_started"], CUT]],
  ["a role alone is no progress", [role], [...OPENED, CUT]],
  [
    "text, to its end",
    [role, delta({ content: "a" }), delta({}, "stop"), { choices: [] }, "[DONE]"],
    [...BEGUN, ["text_output_started"], ["stream_completed"]],
  ],
  ["text that was cut", [delta({ content: "a" })], [...BEGUN, ["text_output_started"], CUT]],
  ["`[DONE]` alone is an end", ["[DONE]"], [["attempt_started"], ["stream_completed"]]],
  [
    "reasoning in either spelling",
    [delta({ reasoning_content: "a" }), delta({ reasoning: "b" }), "[DONE]"],
    [...BEGUN, ["reasoning_output_started"], ["reasoning_output_started"], ["stream_completed"]],
  ],
  [
    "two calls, which stand as the choice finishes",
    [role, search, more, read, delta({}, "tool_calls")],
    [
      ...BEGUN,
      ["tool_input_started", SEARCH],
      ["tool_input_started", SEARCH],
      ["tool_input_started", READ],
      ["tool_input_completed", SEARCH],
      ["tool_call_materialized", SEARCH],
      ["tool_input_completed", READ],
      ["tool_call_materialized", READ],
      ["stream_completed"],
    ],
  ],
  [
    "an input that was cut off by its length never stands",
    [search, delta({}, "length")],
    [...BEGUN, ["tool_input_started", SEARCH], ["stream_completed"]],
  ],
  [
    "a choice finishes its own calls alone",
    [search, delta({}, "tool_calls", 1)],
    [...BEGUN, ["tool_input_started", SEARCH], ["stream_completed"]],
  ],
  [
    "an error in the stream is its end",
    [role, { error: { type: "server_error", message: "secret" } }],
    [...OPENED, ["provider_error", { errorKind: "server_error" }]],
  ],
  ["a choice that finishes with an error is not completed", [role, delta({}, "error")], OPENED],
];

const toldOfCalls = async (count: number) => {
  const chunks = Array.from({ length: count }, (_, index) =>
    calling(index, { id: `c${index}`, function: { name: "search", arguments: "" } }),
  );
  const told = await toldOf(openAiChatChunks, [...chunks, delta({}, "tool_calls")]);
  return Object.fromEntries(
    ["tool_input_started", "tool_call_materialized"].map((type) => [
      type,
      told.filter(([one]) => one === type).length,
    ]),
  );
};

describe("the chunks of chat completions", () => {
  test("64 calls are followed at a time, of a further one its beginning is told", async () => {
    expect([await toldOfCalls(64), await toldOfCalls(65)]).toEqual([
      { tool_input_started: 64, tool_call_materialized: 64 },
      { tool_input_started: 65, tool_call_materialized: 64 },
    ]);
  });

  test.each(cases)("%s", async (_, chunks, told) => {
    expect(await toldOf(openAiChatChunks, chunks)).toEqual(told);
  });
});
