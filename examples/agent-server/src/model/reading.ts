import type { ChatChunk, Delta } from "./chat.ts";
import { ModelError } from "./stream.ts";

/** A call of a tool, as the model writes it. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, once it is whole. */
  readonly input: string;
}

/** What the last piece of an answer was. */
export type Part = "opened" | "reasoning" | "streaming" | "calling" | "called" | "answered";

/** One answer of the model, put together from its chunks. */
export interface Reading {
  readonly part: Part;
  readonly text: string;
  readonly call: ToolCall | undefined;
  /** Throws if the chunk says that the provider failed. */
  readonly read: (chunk: ChatChunk) => void;
}

export const createReading = (): Reading => {
  let part: Part = "opened";
  let text = "";
  let call: ToolCall | undefined;

  const add = ({ content, reasoning_content, tool_calls }: Delta): void => {
    if (reasoning_content !== undefined) part = "reasoning";
    if (content !== undefined) {
      part = "streaming";
      text += content;
    }
    for (const { id, function: fn } of tool_calls ?? []) {
      part = "calling";
      call ??= { id: id ?? "", name: fn.name ?? "", input: "" };
      call = { ...call, input: call.input + fn.arguments };
    }
  };

  return {
    get part() {
      return part;
    },
    get text() {
      return text;
    },
    get call() {
      return call;
    },
    read: ({ choices = [], error }) => {
      if (error !== undefined) throw new ModelError(error);
      for (const { delta, finish_reason } of choices) {
        add(delta);
        if (finish_reason !== null) part = call === undefined ? "answered" : "called";
      }
    },
  };
};
