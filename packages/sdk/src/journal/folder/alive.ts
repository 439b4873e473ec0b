import { chmodSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { context, createContextKey } from "@opentelemetry/api";
import { ALIVE } from "./names.ts";

/**
 * Listens on the socket `alive` in the folder `path`, and says no word to who connects. The kernel
 * lets go of it at the end of the process, however that comes, and at the end of its thread. Keeps
 * neither alive. Undefined if it cannot be bound.
 */
export const listenIn = (path: string): Server | undefined => {
  const server = createServer({ pauseOnConnect: true }, (socket) => socket.destroy());
  // Told later than it is seen below; and by a connection that cannot be accepted, which harms nobody.
  server.on("error", () => undefined);
  // Exclusive, because in a worker of a cluster the primary would listen else, and outlive it.
  server.listen({ path: join(path, ALIVE), exclusive: true });
  if (!server.listening) return undefined;
  // Whatever the umask: who may not connect takes the owner for alive.
  chmodSync(join(path, ALIVE), 0o600);
  return server.unref();
};

/**
 * False only if nobody listens on the socket of the journal at `path`. A process that is stopped, or
 * that comes to nothing, is alive: the kernel accepts in its place.
 */
export const isAlive = (path: string): Promise<boolean> =>
  // An instrumentation of sockets would make a span of it, and that span a run.
  context.with(context.active().setValue(SUPPRESS_TRACING, true), () => {
    return new Promise<boolean>((resolve) => {
      const socket = connect({ path: join(path, ALIVE) });
      const settle = (verdict: boolean): void => {
        socket.destroy();
        resolve(verdict);
      };
      socket.setTimeout(TIMEOUT_MS, () => settle(true));
      socket.on("connect", () => settle(true));
      socket.on("error", (error: NodeJS.ErrnoException) => settle(!DEAD.has(error.code)));
    });
  });

/** All else says nothing of the owner: a full backlog (`EAGAIN`), no right to connect, no descriptor left. */
const DEAD: ReadonlySet<string | undefined> = new Set(["ECONNREFUSED", "ENOENT"]);

const TIMEOUT_MS = 1_000;

/** The SDK's own key, by its text (`suppressTracing` of `@opentelemetry/core`). */
const SUPPRESS_TRACING = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");
