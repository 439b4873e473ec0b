import { randomInt } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";

/** Ports of 127.0.0.1 that were free a moment ago, all of them different. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers: Server[] = [];
  while (servers.length < count) servers.push(await listening());
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
};

// Below those that a system gives to outgoing connections, because one of these could take it before
// the backend does.
const listening = async (): Promise<Server> => {
  for (;;) {
    const server = createServer().listen(randomInt(15_000, 32_768), "127.0.0.1");
    try {
      await once(server, "listening");
      return server;
    } catch {
      // It is taken.
    }
  }
};
