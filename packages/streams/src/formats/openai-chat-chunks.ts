import { field, textField } from "../failures/error-tree.ts";
import { kindFacts } from "../failures/provider-error.ts";
import { SOURCE } from "../source.ts";
import type { StreamFormat } from "../stream-format.ts";
import { type Account, createAccount } from "./account.ts";

/** What is read of a chunk of OpenAI's chat completions, and of those that speak like it. */
export interface OpenAiChatChunk {
  readonly choices?: readonly OpenAiChatChoice[] | null;
  /** An error in the stream. */
  readonly error?: unknown;
}

export interface OpenAiChatChoice {
  readonly index?: number;
  readonly delta?: unknown;
  readonly finish_reason?: string | null;
}

/**
 * The chunks of a streamed chat completion as objects, and `[DONE]` where it is passed on. One that
 * ends with neither that nor a reason to finish was cut.
 */
export const openAiChatChunks: StreamFormat<OpenAiChatChunk | "[DONE]"> = (note) => {
  const account = createAccount(note);
  let isEnded = false;
  const ended = (reason: string) => {
    if (!isEnded && reason !== "error") account.completed();
    isEnded = true;
  };
  return {
    read: (chunk) => {
      if (chunk === "[DONE]") return ended("");
      account.opened();
      if (chunk.error) {
        isEnded = true;
        return note("provider_error", { ...SOURCE, ...kindFacts(chunk) });
      }
      for (const choice of chunk.choices ?? []) {
        readDelta(choice, account);
        if (!choice.finish_reason) continue;
        if (WITH_WHOLE_CALLS.has(choice.finish_reason)) callsStand(choice, account);
        ended(choice.finish_reason);
      }
    },
    endedEarly: () => !isEnded,
  };
};

/** Reasons that do not cut an input off. A forced call finishes with `stop`. */
const WITH_WHOLE_CALLS = new Set(["tool_calls", "function_call", "stop"]);

const readDelta = (choice: OpenAiChatChoice, account: Account): void => {
  const { delta } = choice;
  if (textField(delta, "reasoning_content") || textField(delta, "reasoning")) account.reasoning();
  if (textField(delta, "content") || textField(delta, "refusal")) account.text();
  const calls = field(delta, "tool_calls");
  if (!Array.isArray(calls)) return;
  for (const call of calls) {
    const key = keyOf(choice, call);
    const tool = textField(field(call, "function"), "name");
    // Later parts of an input carry neither.
    if (tool) account.toolInput(key, { tool, toolCallId: textField(call, "id") });
    else account.toolInputGoesOn(key);
  }
};

/** A call within one choice, since each numbers its own. */
const keyOf = (choice: OpenAiChatChoice, call: unknown): string =>
  `${choice.index ?? 0}/${field(call, "index") ?? textField(call, "id") ?? 0}`;

const callsStand = ({ index }: OpenAiChatChoice, account: Account): void => {
  for (const key of account.openToolCalls()) {
    if (!String(key).startsWith(`${index ?? 0}/`)) continue;
    account.toolInputCompleted(key);
    account.toolCall(key);
  }
};
