import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

// How long a request that is under way when the server closes may take.
const GRACE_MS = 1000;

/** Resolves with the address once the server listens; rejects with Node's error if it cannot. */
export function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string")
        reject(new Error("listening on no TCP port"));
      else resolve(address);
    });
  });
}

/** Frees the port at once, and resolves when the last connection is gone. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    // Its only error is that the server was not listening, and then there is nothing to close.
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
  });
}
