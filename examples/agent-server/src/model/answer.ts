import type { ServerResponse } from "node:http";
import type { ChatChunk, Delta, ErrorBody } from "./chat.ts";

/** One answer of the provider, written piece by piece. */
export interface Answer {
  /** The tool that the model called before has answered: this is the second request. */
  readonly hasResult: boolean;
  /** Opens the stream, as providers do before the model has said anything. */
  open(): void;
  text(delta: string): void;
  reason(delta: string): void;
  /** The call of a tool, but for the end of its input. */
  beginCall(tool: string, input: string): void;
  endCall(): void;
  /** The model has said what it had to say. */
  finish(reason: "stop" | "tool_calls"): void;
  /** The stream ends as it should. */
  done(): void;
  /** Answers with an error, or ends a stream that is open with one. */
  fail(status: number, error: ErrorBody): void;
  onClose(fn: () => void): void;
  /** Sends what is no JSON. */
  garble(): void;
  /** Resets the connection, and what was sent may be lost. */
  reset(): void;
  /** Closes the connection in the middle of the answer. */
  hangUp(): void;
}

export const createAnswer = (response: ServerResponse, hasResult: boolean): Answer => {
  response.setHeader("content-type", "text/event-stream");
  const send = (text: string): void => {
    response.write(`data: ${text}\n\n`);
  };
  const chunk = (body: ChatChunk): void => send(JSON.stringify(body));
  const delta = (part: Delta): void =>
    chunk({ choices: [{ index: 0, delta: part, finish_reason: null }] });
  const input = (text: string): Delta => ({
    tool_calls: [{ index: 0, function: { arguments: text } }],
  });

  return {
    hasResult,
    open: () => delta({ role: "assistant" }),
    text: (content) => delta({ content }),
    reason: (reasoning_content) => delta({ reasoning_content }),
    beginCall: (name, argument) => {
      const fn = { name, arguments: "" };
      delta({ tool_calls: [{ index: 0, id: CALL_ID, type: "function", function: fn }] });
      // Without its last two characters it is no JSON yet.
      delta(input(JSON.stringify({ argument }).slice(0, -2)));
    },
    endCall: () => delta(input('"}')),
    finish: (finish_reason) => chunk({ choices: [{ index: 0, delta: {}, finish_reason }] }),
    done: () => {
      send("[DONE]");
      response.end();
    },
    fail: (status, error) => {
      if (response.headersSent) {
        chunk({ error });
        response.end();
        return;
      }
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ error }));
    },
    onClose: (fn) => response.once("close", fn),
    garble: () => send("{"),
    reset: () => response.socket?.resetAndDestroy(),
    hangUp: () => response.destroy(),
  };
};

const CALL_ID = "call_1";
