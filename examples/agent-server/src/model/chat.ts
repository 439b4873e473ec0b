// What goes between an agent and its provider, as OpenAI-compatible servers have it.

/** The body of `POST /v1/chat/completions`. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream: true;
}

export interface Message {
  readonly role: "user" | "assistant" | "tool";
  readonly content: string;
  /** Of a tool's result: the call that it answers. */
  readonly tool_call_id?: string;
}

/** One server-sent event of the answer; the last one says `[DONE]` instead. */
export interface ChatChunk {
  readonly choices?: readonly Choice[];
  /** Something went wrong after the stream had begun. */
  readonly error?: ErrorBody;
}

export interface Choice {
  readonly index: number;
  readonly delta: Delta;
  readonly finish_reason: "stop" | "tool_calls" | null;
}

export interface Delta {
  readonly role?: "assistant";
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ToolCallDelta[];
}

/** The first one of a call has its id and name; the arguments come in pieces. */
export interface ToolCallDelta {
  readonly index: number;
  readonly id?: string;
  readonly type?: "function";
  readonly function: { readonly name?: string; readonly arguments: string };
}

export interface ErrorBody {
  readonly message: string;
  /** A token, e.g. `rate_limit_error`. */
  readonly type: string;
}
