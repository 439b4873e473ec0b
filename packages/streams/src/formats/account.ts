import type { EvidenceFacts } from "@otel-lifecycle/api";
import { SOURCE } from "../source.ts";
import type { Note } from "../stream-format.ts";

/** A tool as the provider names it in its stream. */
export interface ToolPart {
  readonly tool?: string | undefined;
  readonly toolCallId?: string | undefined;
  readonly providerExecuted?: boolean | undefined;
}

/** What is told of one stream: each format says when, this says it in the words of evidence. */
export interface Account {
  /** Anything of the provider's came, be it only that it has begun. */
  opened(): void;
  /** The provider has begun to answer. */
  progress(): void;
  text(): void;
  reasoning(): void;
  toolInput(key: unknown, part: ToolPart): void;
  /** More input of a tool that was begun. */
  toolInputGoesOn(key: unknown): void;
  toolInputCompleted(key: unknown): void;
  /** The call stands whole, with what its input's beginning said of it. */
  toolCall(key: unknown, part?: ToolPart): void;
  /** Of all calls whose input was begun and that do not stand yet. */
  openToolCalls(): readonly unknown[];
  /** Facts of a tool's call, with what its input's beginning said of it. */
  tool(key: unknown, part?: ToolPart): EvidenceFacts;
  completed(): void;
  /** The same stream goes on with the next request to the provider. */
  nextAttempt(): void;
}

/** How many calls are followed at a time; of further ones their own parts are all that is known. */
export const MAX_OPEN_CALLS = 64;

export const createAccount = (note: Note): Account => {
  const open = new Map<unknown, EvidenceFacts>();
  let isOpen = false;
  let hasBegun = false;
  const opened = () => {
    if (isOpen) return;
    isOpen = true;
    note("stream_opened", SOURCE);
  };
  const progress = () => {
    if (hasBegun) return;
    opened();
    hasBegun = true;
    note("provider_progress", SOURCE);
  };
  const tool = (key: unknown, part?: ToolPart): EvidenceFacts => ({
    ...(open.get(key) ?? SOURCE),
    ...present(part),
  });
  return {
    opened,
    progress,
    // Said again for each part, because when that was last is how far the stream had got.
    text: () => {
      progress();
      note("text_output_started", SOURCE);
    },
    reasoning: () => {
      progress();
      note("reasoning_output_started", SOURCE);
    },
    toolInput: (key, part) => {
      progress();
      const facts = tool(key, part);
      if (open.size < MAX_OPEN_CALLS) open.set(key, facts);
      note("tool_input_started", facts);
    },
    toolInputGoesOn: (key) => {
      progress();
      const facts = open.get(key);
      if (facts !== undefined) note("tool_input_started", facts);
    },
    toolInputCompleted: (key) => note("tool_input_completed", tool(key)),
    toolCall: (key, part) => {
      progress();
      note("tool_call_materialized", tool(key, part));
      open.delete(key);
    },
    openToolCalls: () => [...open.keys()],
    tool,
    completed: () => note("stream_completed", SOURCE),
    nextAttempt: () => {
      open.clear();
      isOpen = false;
      hasBegun = false;
      note("attempt_started", SOURCE);
    },
  };
};

/** The fields that have a value, because evidence leaves out what is not known. */
const present = (part: ToolPart | undefined): EvidenceFacts => ({
  ...(part?.tool !== undefined && { tool: part.tool }),
  ...(part?.toolCallId !== undefined && { toolCallId: part.toolCallId }),
  ...(part?.providerExecuted === true && { providerExecuted: true }),
});
