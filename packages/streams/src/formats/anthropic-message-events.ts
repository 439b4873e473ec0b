import { field, textField } from "../failures/error-tree.ts";
import { kindFacts } from "../failures/provider-error.ts";
import { SOURCE } from "../source.ts";
import type { Note, StreamFormat } from "../stream-format.ts";
import { type Account, createAccount, MAX_OPEN_CALLS } from "./account.ts";

/** What is read of an event of Anthropic's messages; its type decides which of it is there. */
export interface AnthropicMessageEvent {
  readonly type: string;
  readonly index?: unknown;
  readonly content_block?: unknown;
  readonly delta?: unknown;
  readonly error?: unknown;
}

/**
 * The events of a streamed message as objects. Tools of the provider's own are executed by it: their
 * calls stand as their block ends, those of the application with the stop reason `tool_use`. A
 * stream that ends without `message_stop` was cut.
 */
export const anthropicMessageEvents: StreamFormat<AnthropicMessageEvent> = (note) => {
  const blocks = { account: createAccount(note), note, kinds: new Map<unknown, string>() };
  let isEnded = false;
  return {
    read: (event) => {
      if (event.type === "message_stop" || event.type === "error") isEnded = true;
      READERS.get(event.type)?.(event, blocks);
    },
    endedEarly: () => !isEnded,
  };
};

interface Blocks {
  readonly account: Account;
  readonly note: Note;
  /** The kind of each block that is being written and is a tool's. */
  readonly kinds: Map<unknown, string>;
}

type Reader = (event: AnthropicMessageEvent, blocks: Blocks) => void;

const opened: Reader = (_event, { account }) => account.opened();

const blockStart: Reader = (event, blocks) => {
  const { account, kinds } = blocks;
  const block = event.content_block;
  const kind = textField(block, "type") ?? "";
  account.opened();
  if (kind === "redacted_thinking") return account.reasoning();
  if (textField(block, "text")) return account.text();
  if (textField(block, "thinking")) return account.reasoning();
  if (textField(block, "tool_use_id") !== undefined) return providerResult(block, blocks);
  if (!kind.endsWith("tool_use")) return;
  if (kinds.size < MAX_OPEN_CALLS) kinds.set(event.index, kind);
  account.toolInput(event.index, {
    tool: textField(block, "name"),
    toolCallId: textField(block, "id"),
    providerExecuted: kind !== "tool_use",
  });
};

/** Of a tool that the provider executes, and whose result it streams as a block. */
const providerResult = (block: unknown, { account, note }: Blocks): void => {
  account.progress();
  const facts = account.tool(undefined, {
    toolCallId: textField(block, "tool_use_id"),
    providerExecuted: true,
  });
  const isError =
    field(block, "is_error") === true ||
    (textField(field(block, "content"), "type") ?? "").endsWith("_error");
  note(isError ? "tool_execution_failed" : "tool_execution_completed", facts);
};

const blockDelta: Reader = ({ index, delta }, { account }) => {
  if (textField(delta, "text")) return account.text();
  if (textField(delta, "thinking")) return account.reasoning();
  if (textField(delta, "type") === "input_json_delta") return account.toolInputGoesOn(index);
};

const blockStop: Reader = ({ index }, { account, kinds }) => {
  const kind = kinds.get(index);
  if (kind === undefined) return;
  account.toolInputCompleted(index);
  if (kind === "tool_use") return;
  account.toolCall(index);
  kinds.delete(index);
};

const messageDelta: Reader = ({ delta }, { account, kinds }) => {
  // An input that was cut off by `max_tokens` ends its block like any other.
  if (textField(delta, "stop_reason") !== "tool_use") return;
  for (const index of kinds.keys()) account.toolCall(index);
  kinds.clear();
};

const failed: Reader = (event, { note }) => {
  note("provider_error", { ...SOURCE, ...kindFacts(event) });
};

const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    message_start: opened,
    ping: opened,
    content_block_start: blockStart,
    content_block_delta: blockDelta,
    content_block_stop: blockStop,
    message_delta: messageDelta,
    message_stop: (_event, { account }) => account.completed(),
    error: failed,
  }),
);
