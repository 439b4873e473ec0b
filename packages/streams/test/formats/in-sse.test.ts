import {
  anthropicMessageEvents,
  inSse,
  observeStream,
  openAiChatChunks,
  type SseMessage,
} from "@otel-lifecycle/streams";
import { describe, expect, test } from "vitest";
import { listeningRun, streamOf, type Told, toldOf } from "../support/recorded.ts";

const content = (text: string) => JSON.stringify({ choices: [{ delta: { content: text } }] });
const BEGUN: Told[] = [["attempt_started"], ["stream_opened"], ["provider_progress"]];
/** JSON of exactly that many characters. */
const textOfLength = (length: number) => content("a".repeat(length - content("").length));

const cases: readonly [title: string, messages: readonly SseMessage[], told: readonly Told[]][] = [
  [
    "data alone, with the line that ends it",
    [content("a"), "[DONE]\n"],
    [...BEGUN, ["text_output_started"], ["stream_completed"]],
  ],
  [
    "events as parsers give them",
    [{ data: content("a"), event: undefined }, { data: "[DONE]" }],
    [...BEGUN, ["text_output_started"], ["stream_completed"]],
  ],
  [
    "what is no JSON, or no object, is passed over",
    ["", "{", "1", "null", "[DONE]"],
    [["attempt_started"], ["stream_completed"]],
  ],
  ["a stream without its last event was cut", [], [["attempt_started"], ["transport_failure"]]],
  [
    "262,144 characters are read",
    [textOfLength(262_144), "[DONE]"],
    [...BEGUN, ["text_output_started"], ["stream_completed"]],
  ],
  [
    "262,145 are not",
    [textOfLength(262_145), "[DONE]"],
    [["attempt_started"], ["stream_completed"]],
  ],
];

describe("server-sent events", () => {
  test.each(cases)("%s", async (_, messages, told) => {
    expect(await toldOf(inSse(openAiChatChunks), messages)).toEqual(told);
  });

  test("of an event that is too long its name is read", async () => {
    const data = " ".repeat(262_145);
    const events = ["message_start", "message_stop"].map((event) => ({ event, data }));
    expect(await toldOf(inSse(anthropicMessageEvents), events)).toEqual([
      ["attempt_started"],
      ["stream_opened"],
      ["stream_completed"],
    ]);
  });

  test("pass as the objects that they are", async () => {
    const messages = [{ data: content("a") }, { data: "[DONE]" }];
    const passed: unknown[] = [];
    const stream = streamOf(messages);
    for await (const one of observeStream(listeningRun(), stream, inSse(openAiChatChunks)))
      passed.push(one);
    expect(passed.map((one, index) => one === messages[index])).toEqual([true, true]);
  });
});
