import { createServer } from "node:http";
import Anthropic from "@anthropic-ai/sdk";
import {
  anthropicMessageEvents,
  noteFailure,
  observeStream,
  openAiChatChunks,
  openAiResponsesEvents,
} from "@otel-lifecycle/streams";
import OpenAI from "openai";

// Streams something of each provider through its own client, ends it in each way, and prints what
// came of it: how the loop ended, and what a run was told.

const DELTAS = {
  "/chat/completions": [{ choices: [{ index: 0, delta: { content: "a" } }] }],
  "/responses": [
    { type: "response.created", response: {} },
    { type: "response.output_text.delta", delta: "a" },
  ],
  "/v1/messages": [
    { type: "message_start", message: { id: "m", usage: {} } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "a" } },
  ],
};
const ERRORS = {
  "/chat/completions": { error: { type: "server_error", message: "secret" } },
  "/responses": { type: "error", code: "server_error", message: "secret" },
  "/v1/messages": { type: "error", error: { type: "overloaded_error", message: "secret" } },
};

const server = createServer((request, response) => {
  const [, way] = request.url.split("/");
  const path = request.url.slice(way.length + 1);
  request.resume();
  if (way === "refused") return request.socket.resetAndDestroy();
  if (way === "answered") {
    response.writeHead(429, { "content-type": "application/json" });
    return response.end(JSON.stringify(ERRORS["/chat/completions"]));
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const events = [...DELTAS[path], ...(way === "error" ? [ERRORS[path]] : [])];
  for (const event of events)
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  if (way === "closed" || way === "error") response.end();
  // Not reset, because the kernel would drop what the client has not read yet.
  if (way === "cut") response.socket.end();
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const { port } = server.address();

const openings = (way) => {
  const options = { apiKey: "none", baseURL: `http://127.0.0.1:${port}/${way}`, maxRetries: 0 };
  const openai = new OpenAI(options);
  const anthropic = new Anthropic(options);
  const messages = [{ role: "user", content: "x" }];
  const ask = { model: "m", stream: true };
  return {
    chat: [() => openai.chat.completions.create({ ...ask, messages }), openAiChatChunks, 1],
    responses: [() => openai.responses.create({ ...ask, input: "x" }), openAiResponsesEvents, 2],
    messages: [
      () => anthropic.messages.create({ ...ask, messages, max_tokens: 9 }),
      anthropicMessageEvents,
      3,
    ],
  };
};

const ended = async (way, run, [open, format, awaited]) => {
  let stream;
  let seen = 0;
  try {
    stream = await open();
  } catch (error) {
    noteFailure(run, error);
    return "refused";
  }
  try {
    for await (const _ of observeStream(run, stream, format)) {
      seen += 1;
      // With the last that there is: a client gives what it has read, also when it is aborted.
      if (way === "aborted" && seen === awaited) stream.controller.abort();
    }
    return "ended";
  } catch {
    return "threw";
  }
};

for (const way of ["refused", "answered", "cut", "closed", "error", "aborted"]) {
  for (const [client, opening] of Object.entries(openings(way))) {
    const told = [];
    const evidence = (type, { source, error, ...facts }) =>
      told.push([type, ...Object.values(facts)].join(" "));
    const end = await ended(way, { evidence }, opening);
    console.log(JSON.stringify({ story: `${client} ${way}`, end, last: told.at(-1) }));
  }
}
server.close();
server.closeAllConnections();
