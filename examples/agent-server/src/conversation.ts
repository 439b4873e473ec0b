import { SpanKind } from "@opentelemetry/api";
import type { Run } from "@otel-lifecycle/api";
import { observeStream, openAiChatChunks } from "@otel-lifecycle/streams";
import { withChildSpan } from "./child-span.ts";
import type { ChatRequest, Message } from "./model/chat.ts";
import { createReading, type Part, type Reading, type ToolCall } from "./model/reading.ts";
import { requestFor } from "./model/request.ts";
import { streamModel } from "./model/stream.ts";
import { createToolCalls, type ToolCalls } from "./tool-calls.ts";
import { exposedTools } from "./tools.ts";
import { createWatchdog } from "./watchdog.ts";

export interface Conversation {
  readonly run: Run;
  readonly prompt: string;
  readonly model: string;
  readonly directory: string;
  readonly providerUrl: string;
  /** How long the provider may take to say something, and then to go on, in milliseconds. */
  readonly connectMs: number;
  readonly silenceMs: number;
  readonly onPhase: (phase: Part | "tool") => void;
}

/** Asks the model, executes the tool that it calls, and asks again until it calls none. */
export const converse = async (conversation: Conversation): Promise<void> => {
  const { run, prompt } = conversation;
  const messages: Message[] = [{ role: "user", content: prompt }];
  const calls = createToolCalls(run);
  // What could have happened outside, however early the run breaks off.
  run.evidence("side_effect_boundary", { tools: exposedTools });
  try {
    for (;;) {
      const call = await chat(conversation, messages, calls);
      if (call === undefined) return;
      const content = await useTool(conversation, call, calls);
      messages.push({ role: "tool", tool_call_id: call.id, content });
    }
  } finally {
    // Clean-up: whatever it says, and however long it takes, is told apart from the work.
    run.finalizer("give_up_calls", () => calls.giveUp());
  }
};

const chat = async (
  conversation: Conversation,
  messages: Message[],
  calls: ToolCalls,
): Promise<ToolCall | undefined> => {
  const { run, model } = conversation;
  const request = requestFor(run, model, messages);
  const attributes = { "gen_ai.operation.name": "chat", "gen_ai.request.model": model };
  return withChildSpan(
    `chat ${model}`,
    { kind: SpanKind.CLIENT, attributes },
    run.signal,
    async () => {
      const { text, call } = await readAnswer(conversation, request, calls);
      messages.push({ role: "assistant", content: text });
      return call;
    },
  );
};

const readAnswer = async (
  { run, providerUrl, connectMs, silenceMs, onPhase }: Conversation,
  request: ChatRequest,
  calls: ToolCalls,
): Promise<Reading> => {
  const watchdog = createWatchdog(run);
  const reading = createReading();
  try {
    watchdog.expect("connect", connectMs);
    const stream = streamModel(providerUrl, request, watchdog.signal);
    // One line around the stream: what came of it, and where it broke off.
    for await (const chunk of observeStream(run, stream, openAiChatChunks)) {
      watchdog.expect("silent_stream", silenceMs);
      reading.read(chunk);
      if (reading.call !== undefined) calls.begin(reading.call);
      onPhase(reading.part);
    }
    return reading;
  } finally {
    watchdog.close();
  }
};

const useTool = (
  { run, directory, onPhase }: Conversation,
  call: ToolCall,
  calls: ToolCalls,
): Promise<string> => {
  const { signal } = run;
  const attributes = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": call.name };
  return withChildSpan(`execute_tool ${call.name}`, { attributes }, signal, () => {
    onPhase("tool");
    return calls.execute(call, { directory, signal });
  });
};
