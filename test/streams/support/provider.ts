import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a provider sends of one answer, and how that ends. */
export interface Answer {
  /** Chunks of a chat completion. */
  readonly chunks?: readonly unknown[];
  /**
   * `done` as the protocol has it, `cut` with the connection, before the first byte if nothing was
   * sent, `close` in the middle but in order, `open` not at all; or an HTTP status instead.
   */
  readonly ending: "done" | "cut" | "close" | "open" | number;
}

/** A provider's stories by their names: of each what it answers to the first request, the second, … */
export type Stories = Readonly<Record<string, readonly Answer[]>>;

/** A provider that speaks as OpenAI's chat completions do, over HTTP. */
export interface Provider {
  readonly url: string;
  /** How often each path was asked: the way, then the story's name. */
  readonly asked: ReadonlyMap<string, number>;
}

/** Tells one of its stories to each who asks under its name. */
export const startProvider = async (stories: Stories): Promise<Provider> => {
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "").replace("/chat/completions", "").slice(1));
    const count = asked.get(path) ?? 0;
    asked.set(path, count + 1);
    request.resume();
    answer(response, stories[path.slice(path.indexOf("/") + 1)]?.[count] ?? { ending: 500 });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
};

const answer = (response: ServerResponse, { chunks = [], ending }: Answer): void => {
  if (typeof ending === "number") {
    response.writeHead(ending, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { type: "rate_limit_error", message: "secret" } }));
    return;
  }
  const { socket } = response;
  if (ending === "cut" && chunks.length === 0) return void socket?.resetAndDestroy();
  response.writeHead(200, { "content-type": "text/event-stream" });
  const lines = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  if (ending === "done") lines.push("data: [DONE]\n\n");
  response.write(lines.join(""), () => {
    if (ending === "done" || ending === "close") response.end();
    // Not reset, because the kernel would drop what the client has not read yet.
    if (ending === "cut") socket?.end();
  });
};
