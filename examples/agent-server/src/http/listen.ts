import { once } from "node:events";
import type { Server } from "node:http";

/** Listens on the loopback, on a free port if it is 0, and tells a parent process where. */
export const listen = async (server: Server, port: number): Promise<string> => {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a TCP address");
  const url = `http://127.0.0.1:${address.port}`;
  process.send?.({ url });
  return url;
};
