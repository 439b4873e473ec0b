/**
 * A model provider as its own process: real HTTP, real server-sent events and real ways to fail.
 * The model's name chooses how it behaves.
 */
import { createServer, type ServerResponse } from "node:http";
import { readJsonBody } from "./http/json-body.ts";
import { listen } from "./http/listen.ts";
import { type Answer, createAnswer } from "./model/answer.ts";
import { createBehaviours } from "./model/behaviours.ts";

/** Connections that wait to be cut, and how many requests each model got. */
const held = new Set<Answer>();
const requests: Record<string, number> = {};

const behaviours = createBehaviours((answer) => {
  held.add(answer);
  answer.onClose(() => held.delete(answer));
});

const chat = (body: Readonly<Record<string, unknown>>, response: ServerResponse): void => {
  const model = String(body["model"]);
  requests[model] = (requests[model] ?? 0) + 1;
  const hasResult = JSON.stringify(body["messages"]).includes('"role":"tool"');
  const answer = createAnswer(response, hasResult);
  const behave = behaviours.get(model);
  if (behave === undefined) answer.fail(404, { message: "Unknown.", type: "not_found_error" });
  else behave(answer);
};

const cut = (response: ServerResponse): void => {
  for (const answer of held) answer.hangUp();
  response.end();
};

const server = createServer(async (request, response) => {
  try {
    const body = await readJsonBody(request);
    switch (`${request.method} ${request.url}`) {
      case "POST /v1/chat/completions":
        return chat(body, response);
      case "POST /cut":
        return cut(response);
      case "GET /requests":
        return void response.end(JSON.stringify(requests));
      default:
        return void response.writeHead(404).end();
    }
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
