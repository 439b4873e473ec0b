import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { Random } from "../random.ts";
import { PROCESS_HEADER } from "../server/settings.ts";
import { type ArrivedSpan, spansOf } from "./otlp.ts";

/** Spans that a receiver took in with one request. */
export interface Delivery {
  /** Who sent it: the number of a process within the trial. */
  readonly process: number;
  /** When all of it was there, in ms since the epoch. */
  readonly at: number;
  readonly spans: readonly ArrivedSpan[];
  /** True once the answer that says so was handed to the system. */
  isAnswered: boolean;
}

/** How a receiver behaves; `mixed` is a bit of everything. */
export type Manner = "well" | "slow" | "refuses" | "swallows" | "resets" | "mixed";

/** What takes the spans of a trial. */
export interface Receiver {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  manner: Manner;
  /** Called at each request that a process sends, before it is answered. */
  onRequest: (process: number) => void;
  close(): void;
}

/** Starts one on a free port of this machine; `random` decides where the manner leaves it open. */
export const startReceiver = async (random: Random): Promise<Receiver> => {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    void take(request, response).catch(() => response.destroy());
  });
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const manner = receiver.manner === "mixed" ? random.pick(MIX) : receiver.manner;
    const process = Number(request.headers[PROCESS_HEADER]);
    receiver.onRequest(process);
    if (manner === "resets" && random.chance(0.5)) {
      request.socket.resetAndDestroy();
      return;
    }
    const body = await bodyOf(request);
    if (manner === "refuses") {
      response.writeHead(503, { "retry-after": "1" }).end();
      return;
    }
    const delivery = { process, at: Date.now(), spans: spansOf(body), isAnswered: false };
    deliveries.push(delivery);
    if (manner === "resets") request.socket.resetAndDestroy();
    else if (manner === "swallows") return;
    else if (manner === "slow") setTimeout(() => answer(response, delivery), random.between(5, 60));
    else answer(response, delivery);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    deliveries,
    manner: "well",
    onRequest: () => undefined,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return receiver;
};

const MIX = ["well", "well", "slow", "refuses", "swallows", "resets"] as const;

const answer = (response: ServerResponse, delivery: Delivery): void => {
  delivery.isAnswered = true;
  response.writeHead(200, { "content-type": "application/json" }).end("{}");
};

// A body that breaks off rejects: nothing of it has arrived.
const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (!request.complete) throw new Error("the body broke off");
  const bytes = Buffer.concat(chunks);
  return (request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
};
