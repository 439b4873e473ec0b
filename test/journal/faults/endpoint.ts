import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type OtlpSpan, spansOf } from "../../support/otlp-span.ts";

/** What an endpoint does with a request whose body it has read: says what it took of it. */
export type Behaviour = (response: ServerResponse, body: string) => "took" | "refused";

/** An OTLP/HTTP endpoint of many moods, on a port of its own. */
export interface FaultyEndpoint {
  /** Where traces go. */
  readonly url: string;
  /** What it does from the next request on. */
  behave(behaviour: Behaviour): void;
  /** Refuses connections from now on, and lets go of those that there are. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  /** Every request that arrived whole, whatever the answer. */
  readonly requests: number;
  /** Spans of the requests that it took, in the order of arrival; one that came twice is there twice. */
  readonly spans: readonly OtlpSpan[];
  /** The same as it stands in their JSON, with resource and scope. */
  readonly resourceSpans: readonly unknown[];
}

export const takes: Behaviour = (response) => {
  response.setHeader("content-type", "application/json").end("{}");
  return "took";
};

export const answers =
  (status: number, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, headers).end("{}");
    return "refused";
  };

/** It is gone before a word is said; whether it had worked on it is its own secret. */
export const resets =
  (had: "took" | "refused"): Behaviour =>
  (response) => {
    response.socket?.resetAndDestroy();
    return had;
  };

/** Begins an answer, and is gone in the middle of its body. */
export const resetsInAnswer =
  (status: number, had: "took" | "refused"): Behaviour =>
  (response) => {
    response.writeHead(status, { "content-length": "1000" }).write("{");
    setImmediate(() => response.socket?.resetAndDestroy());
    return had;
  };

export const startFaultyEndpoint = async (): Promise<FaultyEndpoint> => {
  let behaviour = takes;
  let requests = 0;
  const bodies: string[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    requests += 1;
    const body = Buffer.concat(chunks).toString();
    if (behaviour(response, body) === "took") bodies.push(body);
  };
  const server = createServer(
    (request, response) => void receive(request, response).catch(() => {}),
  );
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const goDown = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(() => (server.listening ? goDown() : undefined));
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    behave: (next) => (behaviour = next),
    goDown,
    comeBack: () => listen(port),
    get requests() {
      return requests;
    },
    get spans() {
      return spansOf(bodies);
    },
    get resourceSpans() {
      return bodies.flatMap((body) => JSON.parse(body).resourceSpans);
    },
  };
};
