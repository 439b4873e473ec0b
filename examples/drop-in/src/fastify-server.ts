// A Fastify server with the usual grace: on SIGTERM it takes no more requests, answers those that
// wait for news, lets the others finish for a while, and exits. It knows nothing of telemetry.
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { fastify } from "fastify";
import { stream } from "./stream.ts";

/** How long requests in flight may take to finish, in milliseconds. */
const GRACE_MS = 500;

const app = fastify({ forceCloseConnections: false });
const shutdown = new AbortController();

app.get("/health", () => "ok");
app.get("/news", async (_request, reply) => {
  reply.hijack();
  reply.raw.flushHeaders();
  await once(shutdown.signal, "abort");
  reply.raw.end("no news");
});
app.get("/stream", (_request, reply) => {
  reply.hijack();
  void stream(reply.raw);
});

process.once("SIGTERM", async () => {
  shutdown.abort();
  await Promise.race([app.close(), setTimeout(GRACE_MS)]);
  process.exit(0);
});

console.log(`listening on ${await app.listen({ host: "127.0.0.1", port: 0 })}`);
