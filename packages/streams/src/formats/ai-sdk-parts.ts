import { textField } from "../failures/error-tree.ts";
import { noteFailure } from "../failures/note-failure.ts";
import { kindFacts } from "../failures/provider-error.ts";
import { SOURCE } from "../source.ts";
import type { Note, StreamFormat } from "../stream-format.ts";
import { type Account, createAccount, MAX_OPEN_CALLS, type ToolPart } from "./account.ts";

/** What is read of a part of the AI SDK's `fullStream`; its type decides which of it is there. */
export interface AiSdkPart {
  readonly type: string;
  readonly id?: unknown;
  readonly text?: unknown;
  readonly toolName?: unknown;
  readonly toolCallId?: unknown;
  readonly providerExecuted?: unknown;
  readonly invalid?: unknown;
  readonly preliminary?: unknown;
  readonly finishReason?: unknown;
  readonly error?: unknown;
}

/**
 * The parts of `fullStream`, of `ai` 6 and 7. Each step is an attempt. That a tool began to be
 * executed is not in the stream: `observeTool` says it. Who aborted is not in it either.
 */
export const aiSdkParts: StreamFormat<AiSdkPart> = (note) => {
  const steps = { account: createAccount(note), note, ended: false, invalid: new Set<unknown>() };
  return {
    read: (part) => READERS.get(part.type)?.(part, steps),
  };
};

/** What is kept between parts. */
interface Steps {
  readonly account: Account;
  readonly note: Note;
  /** The last step has ended; whether another follows is seen by what comes. */
  ended: boolean;
  /** Calls that the SDK refuses to execute. */
  readonly invalid: Set<unknown>;
}

type Reader = (part: AiSdkPart, steps: Steps) => void;

const opened: Reader = (_part, steps) => begun(steps).opened();
const progress: Reader = (_part, steps) => begun(steps).progress();
const toolInputGoesOn: Reader = ({ id }, steps) => begun(steps).toolInputGoesOn(id);

const text: Reader = (part, steps) =>
  part.text === "" ? begun(steps).opened() : begun(steps).text();
const reasoning: Reader = (part, steps) =>
  part.text === "" ? begun(steps).opened() : begun(steps).reasoning();

const toolCall: Reader = (part, { account, invalid }) => {
  if (part.invalid !== true) return account.toolCall(part.toolCallId, toolOf(part));
  if (invalid.size < MAX_OPEN_CALLS) invalid.add(part.toolCallId);
};

const toolResult: Reader = (part, { account, note }) => {
  if (part.preliminary === true) return;
  note("tool_execution_completed", account.tool(part.toolCallId, toolOf(part)));
};

const toolError: Reader = (part, { account, invalid, note }) => {
  // What was refused did not fail as it ran.
  if (invalid.has(part.toolCallId)) return;
  const facts = account.tool(part.toolCallId, toolOf(part));
  note("tool_execution_failed", { ...facts, error: part.error });
};

const finishStep: Reader = (part, steps) => {
  steps.ended = true;
  // After an error the SDK goes on as if the step had ended of itself.
  if (part.finishReason !== "error") steps.account.completed();
};

const failed: Reader = ({ error }, steps) => {
  begun(steps);
  if (error instanceof Error) return noteFailure({ evidence: steps.note }, error);
  // The provider's own word, as it stood in its stream: what the SDK fails with is an `Error`.
  steps.note("provider_error", { ...SOURCE, ...kindFacts(error) });
};

// `start` is missing because the SDK says it before it has asked the provider for anything, and
// `abort` because it does not say who.
const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    "start-step": opened,
    "text-start": opened,
    "text-delta": text,
    "reasoning-start": opened,
    "reasoning-delta": reasoning,
    "tool-input-start": (part, steps) =>
      begun(steps).toolInput(part.id, { ...toolOf(part), toolCallId: textField(part, "id") }),
    "tool-input-delta": toolInputGoesOn,
    "tool-input-end": ({ id }, { account }) => account.toolInputCompleted(id),
    "tool-call": toolCall,
    "tool-result": toolResult,
    "tool-error": toolError,
    source: progress,
    file: progress,
    "reasoning-file": reasoning,
    custom: progress,
    ping: opened,
    raw: opened,
    "finish-step": finishStep,
    error: failed,
  }),
);

/** The account of the step that a part belongs to: the next one, if the last has ended. */
const begun = (steps: Steps): Account => {
  if (!steps.ended) return steps.account;
  steps.ended = false;
  steps.account.nextAttempt();
  return steps.account;
};

const toolOf = (part: AiSdkPart): ToolPart => ({
  tool: textField(part, "toolName"),
  toolCallId: textField(part, "toolCallId"),
  providerExecuted: part.providerExecuted === true,
});
