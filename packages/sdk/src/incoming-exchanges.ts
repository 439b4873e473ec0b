import diagnosticsChannel from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import process from "node:process";
import type { Exchange } from "@otel-lifecycle/api/internal";

/** The HTTP/1 requests that Node's servers are handing to the application. */
export interface IncomingExchanges {
  /** The exchange whose request is being handed over just now, once: its SERVER span starts in that. */
  take(): Exchange | undefined;
  stop(): void;
}

/** Published by Node before a server emits `request`. */
const REQUEST_START = "http.server.request.start";

interface RequestStart {
  readonly response: ServerResponse;
  readonly socket: Socket;
}

export const incomingExchanges = (): IncomingExchanges => {
  let current: RequestStart | undefined;
  const forget = (): void => {
    current = undefined;
  };
  const started = (message: unknown): void => {
    current = message as RequestStart;
    // A server span that starts later is another request's, or nobody's.
    process.nextTick(forget);
  };
  diagnosticsChannel.subscribe(REQUEST_START, started);
  return {
    take: () => {
      const taken = current;
      forget();
      return taken === undefined ? undefined : exchangeOf(taken);
    },
    stop: () => {
      diagnosticsChannel.unsubscribe(REQUEST_START, started);
    },
  };
};

const exchangeOf = ({ response, socket }: RequestStart): Exchange => ({
  closedBy: () => {
    if (response.writableFinished || !response.destroyed) return undefined;
    return isClosedByPeer(socket) ? "client" : "server";
  },
});

// The peer ended its side, or the connection broke; a server that closes sees neither.
const isClosedByPeer = ({ readableEnded, errored }: Socket): boolean =>
  readableEnded || BROKEN.includes((errored as NodeJS.ErrnoException | null)?.code ?? "");

const BROKEN = ["ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT"];
