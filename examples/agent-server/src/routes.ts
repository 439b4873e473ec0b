import { realpath } from "node:fs/promises";
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import type { AgentRun } from "./agent-run.ts";
import { type Answer, type Call, RequestError, type Route } from "./http/router.ts";
import type { RunRequest } from "./instance.ts";
import { type InstanceStore, NotOpenError, type Origin } from "./instance-store.ts";

/** How long a run, its provider's first word and the next may take, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 600_000;
const DEFAULT_CONNECT_MS = 30_000;
const DEFAULT_SILENCE_MS = 60_000;

/** The endpoints of the agent server. */
export const createRoutes = (store: InstanceStore): Readonly<Record<string, Route>> => {
  const sessions = new Map<string, string>();
  const runs = new Map<string, AgentRun>();

  const requireRun = (id: string): AgentRun => {
    const run = runs.get(id);
    if (run === undefined) throw new RequestError(404, `no run "${id}"`);
    return run;
  };

  return {
    "POST /sessions": async ({ body }) => {
      const directory = await requireDirectory(body);
      store.open(directory);
      const id = `s${sessions.size + 1}`;
      sessions.set(id, directory);
      return { status: 201, body: { id } };
    },

    // Answers at once: a run does not depend on the connection of the client that began it.
    "POST /sessions/:id/messages": ({ id, body }) => {
      const directory = sessions.get(id);
      if (directory === undefined) throw new RequestError(404, `no session "${id}"`);
      const request = requireRunRequest(body, `r${runs.size + 1}`);
      if (runs.has(request.id)) throw new RequestError(409, `run "${request.id}" exists`);
      const run = store.open(directory).start(request);
      runs.set(run.id, run);
      return { status: 202, body: { id: run.id } };
    },

    "GET /runs": () => ({
      status: 200,
      body: [...runs.values()].map(({ id, phase, error }) => ({ id, phase, error })),
    }),

    "POST /runs/:id/stop": ({ id }) => {
      requireRun(id).cancel();
      return { status: 202, body: { id } };
    },

    // Somewhere in the application a controller is aborted, later, for no reason given: what
    // remains of a cause when it is lost on its way.
    "POST /runs/:id/abort": ({ id }) => {
      const run = requireRun(id);
      context.with(ROOT_CONTEXT, () => setTimeout(run.abort, 0));
      return { status: 202, body: { id } };
    },

    "POST /instance/reload": (call) => closing(call, store.reload),
    "POST /instance/dispose": (call) => closing(call, store.dispose),
    "POST /instance/evict": (call) => closing(call, store.evict),
    "POST /directory/dispose": (call) => closing(call, store.disposeDirectory),
    "POST /global/dispose": async (call) => ({
      status: 200,
      body: { action: await store.disposeAll(originOf(call)) },
    }),
  };
};

const closing = async (call: Call, close: InstanceStore["dispose"]): Promise<Answer> => {
  const directory = await requireDirectory(call.body);
  try {
    return { status: 200, body: { action: await close(directory, originOf(call)) } };
  } catch (error) {
    if (error instanceof NotOpenError) throw new RequestError(404, error.message);
    throw error;
  }
};

const originOf = ({ route }: Call): Origin => ({ trigger: "http", operation: route });

/** The real path, so that a directory has one instance however it is spelt. */
const requireDirectory = async (body: Call["body"]): Promise<string> => {
  const directory = requireString(body, "directory");
  try {
    return await realpath(directory);
  } catch {
    throw new RequestError(400, "expected `directory` to be a directory that exists");
  }
};

const requireRunRequest = (body: Call["body"], defaultId: string): RunRequest => {
  const { id = defaultId, timeoutMs = DEFAULT_TIMEOUT_MS } = body;
  const { connectMs = DEFAULT_CONNECT_MS, silenceMs = DEFAULT_SILENCE_MS } = body;
  return {
    id: requireString({ id }, "id"),
    prompt: requireString(body, "prompt"),
    model: requireString(body, "model"),
    timeoutMs: requireMs({ timeoutMs }, "timeoutMs"),
    connectMs: requireMs({ connectMs }, "connectMs"),
    silenceMs: requireMs({ silenceMs }, "silenceMs"),
  };
};

const requireMs = (body: Call["body"], name: string): number => {
  const value = body[name];
  if (typeof value === "number" && value > 0) return value;
  throw new RequestError(400, `expected \`${name}\` to be a positive number`);
};

const requireString = (body: Call["body"], name: string): string => {
  const value = body[name];
  if (typeof value === "string" && value !== "") return value;
  throw new RequestError(400, `expected \`${name}\` to be a string that is not empty`);
};
