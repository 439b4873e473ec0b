import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A backend that takes everything and looks at nothing, so that it costs next to nothing. */
export interface Sink {
  readonly url: string;
  /** When the last request had arrived whole, by `performance.now()`; 0 before the first. */
  readonly lastArrival: () => number;
  readonly close: () => Promise<void>;
}

export const startSink = async (): Promise<Sink> => {
  let last = 0;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      last = performance.now();
      response.setHeader("content-type", "application/x-protobuf").end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lastArrival: () => last,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
