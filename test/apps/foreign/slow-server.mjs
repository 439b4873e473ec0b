// Before HTTP is loaded, whoever imports this.
import "./telemetry.mjs";
import { once } from "node:events";
import { createRequire } from "node:module";

// By `require`, because that is what HTTP's instrumentation hooks into.
export const http = createRequire(import.meta.url)("node:http");

/** Never answers; under `/stalls` with a part of its answer, and `/breaks` with a reset. */
export const server = http.createServer((request, response) => {
  if (request.url.endsWith("/breaks")) request.socket.resetAndDestroy();
  if (request.url.endsWith("/stalls")) response.write("part");
  server.emit("asked");
});
await once(server.listen(0, "127.0.0.1"), "listening");
export const url = `http://127.0.0.1:${server.address().port}`;

/** Calls with a signal that is aborted once the server has been asked. */
export const aborting = (call, reason) => {
  const controller = new AbortController();
  server.once("asked", () => setTimeout(() => controller.abort(reason), 20));
  return call(controller.signal);
};

export const close = () => {
  server.close();
  server.closeAllConnections();
};
