import { textField } from "../failures/error-tree.ts";
import { kindFacts } from "../failures/provider-error.ts";
import { SOURCE } from "../source.ts";
import type { Note, StreamFormat } from "../stream-format.ts";
import { type Account, createAccount } from "./account.ts";

/** What is read of an event of OpenAI's responses; its type decides which of it is there. */
export interface OpenAiResponsesEvent {
  readonly type: string;
  readonly item?: unknown;
  readonly item_id?: unknown;
  readonly output_index?: unknown;
  readonly delta?: unknown;
  readonly response?: unknown;
}

/**
 * The events of a streamed response as objects. Of tools that OpenAI executes, what its stream says
 * of their execution. A stream that ends before its response has ended was cut.
 */
export const openAiResponsesEvents: StreamFormat<OpenAiResponsesEvent> = (note) => {
  const items = { account: createAccount(note), note };
  let isEnded = false;
  return {
    read: (event) => {
      if (ENDINGS.has(event.type)) isEnded = true;
      const reader = READERS.get(event.type);
      if (reader !== undefined) return reader(event, items);
      if (event.type.startsWith("response.")) readOther(event, items);
    },
    endedEarly: () => !isEnded,
  };
};

interface Items {
  readonly account: Account;
  readonly note: Note;
}

type Reader = (event: OpenAiResponsesEvent, items: Items) => void;

const ENDINGS = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
  "response.cancelled",
  "error",
]);

const text: Reader = ({ delta }, { account }) => {
  if (delta !== "") account.text();
};
const reasoning: Reader = ({ delta }, { account }) => {
  if (delta !== "") account.reasoning();
};
const inputGoesOn: Reader = (event, { account }) => account.toolInputGoesOn(event.output_index);
const inputCompleted: Reader = (event, { account }) =>
  account.toolInputCompleted(event.output_index);
const completed: Reader = (_event, { account }) => account.completed();

const itemAdded: Reader = ({ item, output_index }, { account }) => {
  account.opened();
  const type = textField(item, "type") ?? "";
  if (!CALLS.has(type)) return;
  account.toolInput(output_index, {
    tool: textField(item, "name"),
    toolCallId: textField(item, "call_id") ?? textField(item, "id"),
    providerExecuted: type === "mcp_call",
  });
};

const itemDone: Reader = ({ item, output_index }, { account }) => {
  // An item that was cut off is done as well, as `incomplete`.
  if (!CALLS.has(textField(item, "type") ?? "") || textField(item, "status") === "incomplete")
    return;
  account.toolCall(output_index);
};

/** Items whose input the model writes. */
const CALLS = new Set(["function_call", "custom_tool_call", "mcp_call"]);

const failed: Reader = (event, { note }) => {
  note("provider_error", { ...SOURCE, ...kindFacts(event.response ?? event) });
};

const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    "response.output_text.delta": text,
    "response.refusal.delta": text,
    "response.reasoning_text.delta": reasoning,
    "response.reasoning_summary_text.delta": reasoning,
    "response.output_item.added": itemAdded,
    "response.function_call_arguments.delta": inputGoesOn,
    "response.function_call_arguments.done": inputCompleted,
    "response.custom_tool_call_input.delta": inputGoesOn,
    "response.custom_tool_call_input.done": inputCompleted,
    "response.mcp_call_arguments.delta": inputGoesOn,
    "response.mcp_call_arguments.done": inputCompleted,
    "response.output_item.done": itemDone,
    "response.completed": completed,
    "response.incomplete": completed,
    "response.failed": failed,
    error: failed,
  }),
);

const HOSTED =
  /^response\.(web_search|file_search|code_interpreter|image_generation|mcp)_call\.(in_progress|completed|failed)$/;

const EXECUTION = {
  in_progress: "tool_execution_started",
  completed: "tool_execution_completed",
  failed: "tool_execution_failed",
} as const;

/** What OpenAI says of the tools that it executes; of everything else, that it came. */
const readOther: Reader = (event, { account, note }) => {
  const [, tool, step] = HOSTED.exec(event.type) ?? [];
  if (tool === undefined) return account.opened();
  account.progress();
  const facts = account.tool(event.output_index, {
    toolCallId: textField(event, "item_id"),
    providerExecuted: true,
  });
  const type = EXECUTION[step as keyof typeof EXECUTION];
  // Those of a server of the application's have names of their own, which their item gave.
  note(type, tool === "mcp" ? facts : { ...facts, tool });
};
