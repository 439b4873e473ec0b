// A server of Node alone. It knows nothing of telemetry, and has no signal handler.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { stream } from "./stream.ts";

const server = createServer((request, response) => {
  if (request.url === "/health") response.end("ok");
  else void stream(response);
});

server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`listening on http://127.0.0.1:${port}`);
});
