import { type OpenAiResponsesEvent, openAiResponsesEvents } from "@otel-lifecycle/streams";
import { describe, expect, test } from "vitest";
import { type Told, toldOf } from "../support/recorded.ts";

const created = { type: "response.created", response: { status: "in_progress" } };
const completed = { type: "response.completed", response: { status: "completed" } };
const added = (item: object) => ({ type: "response.output_item.added", output_index: 0, item });
const done = (item: object) => ({ type: "response.output_item.done", output_index: 0, item });
const text = { type: "response.output_text.delta", delta: "a" };
const search = { type: "function_call", id: "i1", call_id: "c1", name: "search" };
const argued = (step: string) => ({
  type: `response.function_call_arguments.${step}`,
  output_index: 0,
  delta: "{",
});
const hosted = (type: string) => ({ type: `response.${type}`, output_index: 0, item_id: "w1" });

const SEARCH = { tool: "search", toolCallId: "c1" };
const WEB = { tool: "web_search", toolCallId: "w1", providerExecuted: true };
const OPENED: Told[] = [["attempt_started"], ["stream_opened"]];
const BEGUN: Told[] = [...OPENED, ["provider_progress"]];
const CUT: Told = ["transport_failure"];

type Events = readonly OpenAiResponsesEvent[];
const cases: readonly [title: string, events: Events, told: readonly Told[]][] = [
  [
    "a response that is in progress is no progress",
    [created, { type: "response.in_progress" }],
    [...OPENED, CUT],
  ],
  [
    "a message that is added is no progress",
    [created, added({ type: "message" })],
    [...OPENED, CUT],
  ],
  [
    "an empty delta is no progress",
    [created, { ...text, delta: "" }],
    [["attempt_started"], ["stream_opened"], CUT],
  ],
  [
    "text, to its end",
    [created, text, completed],
    [...BEGUN, ["text_output_started"], ["stream_completed"]],
  ],
  [
    "a response that is incomplete has ended",
    [created, text, { type: "response.incomplete" }],
    [...BEGUN, ["text_output_started"], ["stream_completed"]],
  ],
  [
    "reasoning that was cut",
    [created, { type: "response.reasoning_summary_text.delta", delta: "a" }],
    [...BEGUN, ["reasoning_output_started"], CUT],
  ],
  [
    "a call",
    [
      created,
      added(search),
      argued("delta"),
      argued("done"),
      done({ ...search, status: "completed" }),
      completed,
    ],
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
    "a call that is incomplete never stands",
    [created, added(search), done({ ...search, status: "incomplete" }), completed],
    [...BEGUN, ["tool_input_started", SEARCH], ["stream_completed"]],
  ],
  [
    "a tool that OpenAI executes",
    [
      created,
      hosted("web_search_call.in_progress"),
      hosted("web_search_call.searching"),
      hosted("web_search_call.completed"),
      completed,
    ],
    [
      ...BEGUN,
      ["tool_execution_started", WEB],
      ["tool_execution_completed", WEB],
      ["stream_completed"],
    ],
  ],
  [
    "a response that failed",
    [
      created,
      { type: "response.failed", response: { error: { code: "server_error", message: "secret" } } },
    ],
    [...OPENED, ["provider_error", { errorKind: "server_error" }]],
  ],
  [
    "an error is the stream's end",
    [created, { type: "error", code: "rate_limit_exceeded" } as OpenAiResponsesEvent],
    [...OPENED, ["provider_error", { errorKind: "rate_limit_exceeded" }]],
  ],
];

describe("the events of responses", () => {
  test.each(cases)("%s", async (_, events, told) => {
    expect(await toldOf(openAiResponsesEvents, events)).toEqual(told);
  });
});
