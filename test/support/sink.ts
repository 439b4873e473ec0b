import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

/** What a vendor's own protocol brought. */
export interface Delivery {
  readonly path: string;
  /** Decompressed; one character a byte. */
  readonly body: string;
}

/** A vendor's address on this machine, which takes everything and says nothing. */
export interface Sink {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
}

export const startSink = async (): Promise<Sink> => {
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
    deliveries.push({ path: request.url ?? "", body: body.toString("latin1") });
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, deliveries };
};
