/** What the provider streams: one JSON document for each server-sent event. */
export type ModelEvent =
  | { readonly type: "text"; readonly delta: string }
  | { readonly type: "tool_call"; readonly name: string; readonly input: string }
  | { readonly type: "done" };

export interface Message {
  readonly role: "user" | "assistant" | "tool";
  readonly content: string;
}

/** The body of `POST /v1/chat`. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly Message[];
}
