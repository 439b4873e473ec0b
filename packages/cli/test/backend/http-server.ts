import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A server of this machine that answers as a test says. */
export interface TestServer {
  /** Without a path. */
  readonly url: string;
  /** Path and query of each request that came. */
  readonly asked: readonly string[];
}

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts it on a free port; it goes when the test ends. */
export async function startServer(answer: Answering): Promise<TestServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** The same answer to everything. */
export function always(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Answering {
  return (_, response) => response.writeHead(status, headers).end(body);
}
