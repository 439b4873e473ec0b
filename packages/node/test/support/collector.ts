import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";

/** How an endpoint answers. */
export interface CollectorOptions {
  /** How long each answer takes. */
  readonly delayMs?: number;
  /** So many requests are answered with 503 first. */
  readonly refused?: number;
}

/** An endpoint that takes OTLP's JSON and keeps what it has not refused. */
export interface Collector {
  readonly url: string;
  readonly bodies: readonly string[];
  close(): void;
}

export async function startCollector({
  delayMs = 0,
  refused = 0,
}: CollectorOptions): Promise<Collector> {
  const bodies: string[] = [];
  let left = refused;
  const server = createServer(async (request, response) => {
    // A sender may die in the middle.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    if (delayMs > 0) await setTimeout(delayMs);
    if (left > 0) {
      left -= 1;
      response.writeHead(503, { "Retry-After": "1" }).end();
      return;
    }
    bodies.push(body);
    response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
