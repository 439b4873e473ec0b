import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { withRun } from "@otel-lifecycle/api";
import { recordIncidents } from "@otel-lifecycle/sdk/incidents";
import { aiSdkParts, observeStream, observeTool } from "@otel-lifecycle/streams";
import { stepCountIs, streamText, tool } from "ai";
import * as mocks from "ai/test";
import { z } from "zod";

// Runs an agent once for each of the provider's stories, looked at and not, and prints of each
// what the application saw and what was recorded. The provider's URL ends with the story's name.
const { PROVIDER, STORIES } = process.env;

const incidents = [];
recordIncidents({ onIncident: (incident) => incidents.push(incident) });

const toolsOf = (run, story) => {
  const execute = (input) => {
    if (story === "tool fails") throw new RangeError("no such file");
    return input;
  };
  const effect = "read_only";
  const wrapped =
    run === undefined ? execute : observeTool(run, { name: "search", effect }, execute);
  const search = tool({ inputSchema: z.object({ query: z.string() }), execute: wrapped });
  // Nobody here executes this one.
  const ask = tool({ inputSchema: z.object({ query: z.string() }) });
  return { search, ask };
};

const modelOf = (way, story) => {
  if (story.startsWith("mock model")) return mockModel(story);
  const baseURL = `${PROVIDER}/${way}/${encodeURIComponent(story)}`;
  return createOpenAICompatible({ name: "p", baseURL })("m");
};

const mockModel = (story) => {
  const Model = mocks.MockLanguageModelV4 ?? mocks.MockLanguageModelV3;
  const error = Object.assign(new Error("x"), { code: "ECONNRESET" });
  const parts = [
    { type: "stream-start", warnings: [] },
    ...MOCKED[story],
    { type: "error", error },
  ];
  return new Model({ doStream: async () => ({ stream: ReadableStream.from(parts) }) });
};

const web = { toolCallId: "w1", toolName: "web", providerExecuted: true, dynamic: true };
const MOCKED = {
  "mock model, broken after a call": [
    { type: "tool-call", toolCallId: "c1", toolName: "ask", input: '{"query":"a"}' },
  ],
  "mock model, broken after a tool of the provider's": [
    { type: "tool-input-start", id: "w1", ...web },
    { type: "tool-input-end", id: "w1" },
    { type: "tool-call", ...web, input: "{}" },
    { type: "tool-result", ...web, result: {} },
    { type: "source", sourceType: "url", id: "s1", url: "http://127.0.0.1" },
    { type: "reasoning-start", id: "1" },
    { type: "reasoning-delta", id: "1", delta: "a" },
  ],
};

/** Reads the agent's parts, and gives up with the first error as agents do. */
const answer = async (run, { seen, way, story }) => {
  const user = new AbortController();
  const { fullStream } = streamText({
    model: modelOf(way, story),
    prompt: "x",
    tools: toolsOf(run, story),
    // An agent that gives up in the middle would leave the next request to chance.
    stopWhen: stepCountIs(story === "tool fails" ? 1 : 3),
    maxRetries: 0,
    abortSignal: user.signal,
    onError: () => undefined,
  });
  const stream = run === undefined ? fullStream : observeStream(run, fullStream, aiSdkParts);
  for await (const part of stream) {
    seen.push(part.type);
    if (story === "aborted" && part.type === "text-delta") user.abort();
    if (part.type === "error" || part.type === "tool-error") throw part.error;
  }
};

/** What the application saw: the types of all parts, and what it gave up with. */
const sight = async (way, story, run) => {
  const seen = [];
  try {
    await answer(run, { seen, way, story });
    return { seen };
  } catch (error) {
    return { seen, threw: error.name ?? typeof error, error };
  }
};

/** The run, and in order what it was told, each once in a row. */
const listening = (run, told) => ({
  evidence: (type, facts) => {
    const { source, error, ...rest } = facts;
    const one = [type, ...Object.values(rest)].join(" ");
    if (told.at(-1) !== one) told.push(one);
    run.evidence(type, facts);
  },
});

for (const story of JSON.parse(STORIES)) {
  const told = [];
  const alone = await sight("alone", story);
  let observed;
  incidents.length = 0;
  await withRun({ name: "agent run" }, async (run) => {
    observed = await sight("observed", story, listening(run, told));
    if (observed.error !== undefined) throw observed.error;
  }).catch(() => undefined);
  delete alone.error;
  delete observed.error;
  const [incident] = incidents;
  console.log(JSON.stringify({ story, alone, observed, told, incident }));
}
