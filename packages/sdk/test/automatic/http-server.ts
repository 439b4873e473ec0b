import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { context, type Span, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import { onTestFinished } from "vitest";

/** What a server does with a request whose SERVER span is active. */
export type Answer = (exchange: Exchange) => void;

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly span: Span;
}

/** A server that is listening, with what its requests came to. */
export interface Listening {
  readonly port: number;
  /** Resolves once the SERVER spans of so many requests have ended. */
  ended(count?: number): Promise<void>;
}

/**
 * A real server with a SERVER span for each request, as `@opentelemetry/instrumentation-http` makes
 * it: begun in the `request` event before the application sees that, ended when the response closes.
 */
export const listen = async (tracer: Tracer, answer: Answer): Promise<Listening> => {
  let ended = 0;
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const span = tracer.startSpan(`GET ${request.url}`, { kind: SpanKind.SERVER });
    response.once("close", () => {
      span.end();
      ended += 1;
      for (const look of waiting) look();
    });
    context.with(trace.setSpan(context.active(), span), answer, undefined, {
      request,
      response,
      span,
    });
  });
  return {
    ...(await opened(server)),
    ended: (count = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (ended >= count) resolve();
        };
        waiting.add(look);
        look();
      }),
  };
};

/** Has a server listen until the test is over. */
export const opened = async (server: Server): Promise<{ readonly port: number }> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port };
};

/** A connection on which requests for these paths have been sent, in one write. */
export const request = async (port: number, ...paths: readonly string[]): Promise<Socket> => {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, "connect");
  send(socket, ...paths);
  return socket;
};

/** Sends further requests on a connection that is kept alive. */
export const send = (socket: Socket, ...paths: readonly string[]): void => {
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(""));
};
