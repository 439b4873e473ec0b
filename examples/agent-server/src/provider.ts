/**
 * A model provider as its own process: real HTTP, real server-sent events and real ways to fail.
 * The model's name chooses how it behaves.
 */
import { createServer, type ServerResponse } from "node:http";
import { readJsonBody } from "./http/json-body.ts";
import { listen } from "./http/listen.ts";
import type { ModelEvent } from "./model/events.ts";
import { ANSWER, NOTES_FILE, QUESTION } from "./model/written-texts.ts";

/** Milliseconds between two pieces of text, and before a connection is lost. */
const PACE_MS = 20;

/** What it does to a response; `answered` says that its tool call has been executed. */
type Behaviour = (response: ServerResponse, answered: boolean) => void;

const behaviours: ReadonlyMap<string, Behaviour> = new Map<string, Behaviour>([
  [
    "quick",
    (response, answered) => {
      if (answered) return finish(response, ANSWER);
      callTool(response, "read_file", NOTES_FILE);
    },
  ],
  ["asks", (response) => callTool(response, "ask_user", QUESTION)],
  ["slow", (response) => streamUntilClosed(response)],
  // Says something and then nothing more, on a connection that stays open.
  ["stalls", (response) => send(response, { type: "text", delta: "Let me see" })],
  [
    "disconnects",
    (response) => {
      send(response, { type: "text", delta: "Let me" });
      setTimeout(() => response.socket?.resetAndDestroy(), PACE_MS);
    },
  ],
  ["fails", (response) => response.writeHead(500).end()],
]);

const callTool = (response: ServerResponse, name: string, input: string): void => {
  send(response, { type: "text", delta: "One moment." });
  send(response, { type: "tool_call", name, input });
  send(response, { type: "done" });
  response.end();
};

const finish = (response: ServerResponse, text: string): void => {
  send(response, { type: "text", delta: text });
  send(response, { type: "done" });
  response.end();
};

const streamUntilClosed = (response: ServerResponse): void => {
  const next = (): void => send(response, { type: "text", delta: "and so on " });
  next();
  const pace = setInterval(next, PACE_MS);
  response.once("close", () => clearInterval(pace));
};

const send = (response: ServerResponse, event: ModelEvent): void => {
  response.write(`data: ${JSON.stringify(event)}\n\n`);
};

const server = createServer(async (request, response) => {
  try {
    const { model, messages } = await readJsonBody(request);
    const behave = behaviours.get(String(model));
    if (behave === undefined) return void response.writeHead(404).end();
    response.setHeader("content-type", "text/event-stream");
    behave(response, JSON.stringify(messages).includes('"role":"tool"'));
  } catch {
    response.destroy();
  }
});

// Nobody is left to talk to once the process that started this one is gone.
process.once("disconnect", () => {
  server.close();
  server.closeAllConnections();
});

const url = await listen(server, Number(process.env["PORT"] ?? 0));
if (process.send === undefined) process.stdout.write(`model provider at ${url}\n`);
