import cluster from "node:cluster";
import process from "node:process";
import type { ShutdownTrigger } from "@otel-lifecycle/sdk";

/**
 * What stands behind a signal: `node --watch` where its environment and its channel prove it,
 * else the signal itself. The environment reaches the workers of a watched program too; those
 * of a cluster are stopped by their primary, not by the watcher.
 */
export const signalTrigger = (signal: NodeJS.Signals): ShutdownTrigger => ({
  trigger: signal === "SIGTERM" && isWatched() ? "watch" : "signal",
  signal,
});

/** What ends the process from within. */
export const runtimeTrigger = (
  operation: "process.exit" | "beforeExit" | "uncaughtException" | "unhandledRejection",
): ShutdownTrigger => ({ trigger: "runtime", operation });

/** The channel of a cluster's worker to its primary is gone: by request, or with the primary. */
export const disconnectTrigger = (): ShutdownTrigger | undefined =>
  cluster.isWorker ? { trigger: "supervisor", operation: "cluster.disconnect" } : undefined;

const isWatched = (): boolean =>
  process.env["WATCH_REPORT_DEPENDENCIES"] === "1" &&
  process.channel !== undefined &&
  process.channel !== null &&
  !cluster.isWorker;
