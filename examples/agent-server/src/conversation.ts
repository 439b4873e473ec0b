import { SpanKind } from "@opentelemetry/api";
import { withChildSpan } from "./child-span.ts";
import type { Message } from "./model/events.ts";
import { streamModel } from "./model/stream.ts";
import { executeTool, type ToolCall } from "./tools.ts";

export interface Conversation {
  readonly prompt: string;
  readonly model: string;
  readonly directory: string;
  readonly providerUrl: string;
  readonly signal: AbortSignal;
  readonly onPhase: (phase: "streaming" | "tool") => void;
}

/** Asks the model, executes the tool that it calls, and asks again until it calls none. */
export const converse = async (conversation: Conversation): Promise<void> => {
  const messages: Message[] = [{ role: "user", content: conversation.prompt }];
  for (;;) {
    const call = await chat(conversation, messages);
    if (call === undefined) return;
    messages.push({ role: "tool", content: await useTool(conversation, call) });
  }
};

const chat = (
  { model, providerUrl, signal, onPhase }: Conversation,
  messages: Message[],
): Promise<ToolCall | undefined> =>
  withChildSpan(
    `chat ${model}`,
    {
      kind: SpanKind.CLIENT,
      attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": model },
    },
    signal,
    async () => {
      let answer = "";
      let call: ToolCall | undefined;
      for await (const event of streamModel(providerUrl, { model, messages }, signal)) {
        onPhase("streaming");
        if (event.type === "text") answer += event.delta;
        if (event.type === "tool_call") call = event;
      }
      messages.push({ role: "assistant", content: answer });
      return call;
    },
  );

const useTool = ({ directory, signal, onPhase }: Conversation, call: ToolCall): Promise<string> =>
  withChildSpan(
    `execute_tool ${call.name}`,
    { attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": call.name } },
    signal,
    () => {
      onPhase("tool");
      return executeTool(call, { directory, signal });
    },
  );
