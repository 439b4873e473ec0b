import type { Answer, Stories } from "./provider.ts";

const delta = (delta: object, finish_reason: string | null = null): object => ({
  id: "a1",
  choices: [{ index: 0, delta, finish_reason }],
});
const role = delta({ role: "assistant", content: "" });
const text = delta({ content: "hello" });
const reasoning = delta({ reasoning_content: "well" });
const calling = (name: string, args: string): object =>
  delta({
    tool_calls: [{ index: 0, id: "c1", type: "function", function: { name, arguments: args } }],
  });
const moreInput = delta({ tool_calls: [{ index: 0, function: { arguments: '"a"}' } }] });
const called = [role, calling("search", '{"query":'), moreInput, delta({}, "tool_calls")];
const calls: Answer = { chunks: called, ending: "done" };
const says: Answer = { chunks: [role, text, delta({}, "stop")], ending: "done" };

/** Everything that a provider may do to an agent that calls a tool and then says something. */
export const STORIES: Stories = {
  "all goes well": [calls, says],
  "broken before the first byte": [{ ending: "cut" }],
  "broken before any progress": [{ chunks: [role], ending: "cut" }],
  "broken in text": [{ chunks: [role, text], ending: "cut" }],
  "broken in reasoning": [{ chunks: [role, reasoning], ending: "cut" }],
  "broken in a tool's input": [{ chunks: called.slice(0, 2), ending: "cut" }],
  "broken before the SDK gives a whole call": [
    { chunks: [role, calling("ask", '{"query":"a"}'), delta({}, "tool_calls")], ending: "cut" },
  ],
  "broken after a result": [calls, { ending: "cut" }],
  "broken in the text after a result": [calls, { chunks: [role, text], ending: "cut" }],
  "closed in text": [{ chunks: [role, text], ending: "close" }],
  "answered with an error": [{ ending: 429 }],
  "an error in the stream": [
    {
      chunks: [role, text, { error: { type: "server_error", message: "secret" } }],
      ending: "close",
    },
  ],
  "tool fails": [calls],
  aborted: [{ chunks: [role, text], ending: "open" }],
  "mock model, broken after a call": [],
  "mock model, broken after a tool of the provider's": [],
};
