import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startReceiver, toJson } from "why-closed";
import { wireIncidentsOf } from "../src/check/wire-incident.ts";
import { type AgentClient, createAgentClient } from "../src/demo/agent-client.ts";
import { type AgentServer, startAgentServer } from "./agent-server.ts";

const DIRECTORY = fileURLToPath(new URL(".", import.meta.url));

describe("a server that ends while a run is in flight", () => {
  let server: AgentServer;
  let agent: AgentClient;

  beforeEach(async () => {
    server = await startAgentServer();
    agent = createAgentClient(server.url, new AbortController().signal);
    const session = await agent.openSession(DIRECTORY);
    await agent.sendMessage(session, { id: "in-flight", model: "slow", prompt: "Go on." });
    await agent.until("in-flight", "streaming");
  });
  afterEach(() => server.stop());

  it.each([
    { title: "SIGTERM", trigger: "signal", end: () => server.process.kill("SIGTERM") },
    {
      title: "the end of its parent",
      trigger: "supervisor",
      end: () => server.process.disconnect(),
    },
  ])("closes it on $title, exports that and ends by itself", async ({ trigger, end }) => {
    end();
    expect(await once(server.process, "exit")).toEqual([0, null]);

    const { actions, runs } = toJson(server.receiver.account());
    expect(actions).toMatchObject([
      { kind: "shutdown", scope: "process", trigger, closed: ["in-flight"] },
      { kind: "dispose", scope: "instance", parentId: actions[0]?.id, closed: [] },
    ]);
    expect(runs).toMatchObject([{ id: "in-flight", class: "lifecycle_action" }]);
  });
});

describe("a server whose environment names an endpoint", () => {
  it.each([
    // Jaeger takes no logs, so they are sent there only if they are asked for.
    { asks: {}, logs: 0 },
    { asks: { OTEL_LOGS_EXPORTER: "none" }, logs: 0 },
    { asks: { OTEL_LOGS_EXPORTER: "otlp" }, logs: 1 },
  ])("sends its spans there, and $logs incident if it asks $asks", async ({ asks, logs }) => {
    const endpoint = await startReceiver({ port: 0 });
    const server = await startAgentServer({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.url, ...asks });
    const agent = createAgentClient(server.url, new AbortController().signal);
    const session = await agent.openSession(DIRECTORY);
    const message = { id: "broken-off", model: "disconnects-at-once", prompt: "Go on." };
    await agent.sendMessage(session, message);
    await agent.until("broken-off", "ended");
    await server.stop();
    await endpoint.close();

    expect(toJson(endpoint.account()).runs.map(({ id }) => id)).toEqual(["broken-off"]);
    expect(wireIncidentsOf(endpoint.logRequests)).toHaveLength(logs);
    expect(wireIncidentsOf(server.receiver.logRequests)).toHaveLength(1);
  });
});

describe("a server that is asked wrongly", () => {
  let server: AgentServer;
  beforeAll(async () => {
    server = await startAgentServer();
  });
  afterAll(() => server.stop());

  it.each([
    { path: "/nowhere", body: "{}", status: 404, error: /^expected one of: POST \/sessions, / },
    { path: "/sessions", body: "{", status: 400, error: /JSON/ },
    { path: "/sessions", body: "[]", status: 400, error: /^expected a JSON object$/ },
    { path: "/sessions", body: "{}", status: 400, error: /^expected `directory` to be a string/ },
    {
      path: "/sessions",
      body: '{"directory":"/no/such/folder"}',
      status: 400,
      error: /^expected `directory` to be a directory that exists$/,
    },
    {
      path: "/sessions",
      body: `{"directory":"${"x".repeat(1_000_000)}"}`,
      status: 400,
      error: /^expected at most 1000000 bytes$/,
    },
    { path: "/sessions/s1/messages", body: "{}", status: 404, error: /^no session "s1"$/ },
    { path: "/runs/r1/stop", body: "{}", status: 404, error: /^no run "r1"$/ },
    {
      path: "/instance/reload",
      body: JSON.stringify({ directory: DIRECTORY }),
      status: 404,
      error: /^no instance is open/,
    },
  ])("answers $status to $path: $error", async ({ path, body, status, error }) => {
    const response = await fetch(`${server.url}${path}`, { method: "POST", body });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.stringMatching(error) });
  });

  it.each(
    ["timeoutMs", "connectMs", "silenceMs"].flatMap((name) =>
      [0, -1, "1", null].map((value) => ({ name, value })),
    ),
  )("answers 400 to $value as $name", async ({ name, value }) => {
    const agent = createAgentClient(server.url, new AbortController().signal);
    const path = `/sessions/${await agent.openSession(DIRECTORY)}/messages`;
    const body = JSON.stringify({ prompt: "Go on.", model: "quick", [name]: value });
    const response = await fetch(`${server.url}${path}`, { method: "POST", body });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: `expected \`${name}\` to be a positive number`,
    });
  });
});
