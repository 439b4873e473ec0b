import { existsSync, statSync, watch } from "node:fs";
import { join } from "node:path";
import type { EndPlan } from "../plan.ts";
import { journalOf } from "./journal-files.ts";
import type { ServerProcess } from "./server-process.ts";

/** What the end of a server depends on. */
export interface EndPlace {
  readonly server: ServerProcess;
  readonly directory: string;
  /** Calls back at each request of the server; returns what stops it. */
  onRequest(call: () => void): void;
}

/** Resolves when the plan says that the server is to be killed, or when it is gone. */
export const momentOf = async (plan: EndPlan, place: EndPlace): Promise<void> => {
  const { server } = place;
  await server.ready;
  const moment = new Promise<void>((resolve) => {
    void server.gone.then(() => resolve());
    aim(plan, place, resolve);
    // What is aimed at may not come; the limit is far beyond what comes.
    setTimeout(resolve, LIMIT_MS).unref();
  });
  await moment;
};

const LIMIT_MS = 5_000;

const aim = (plan: EndPlan, place: EndPlace, now: () => void): void => {
  switch (plan.at) {
    case "time":
      setTimeout(now, plan.afterMs);
      return;
    case "progress":
      watchProgress(plan.bytes, place.server, now);
      return;
    case "request":
      place.onRequest(countdown(plan.count, now));
      return;
    case "files":
      watchFiles(place, countdown(plan.count, now));
      return;
    case "shutdown":
      setTimeout(() => {
        place.server.signal("SIGTERM");
        setTimeout(now, plan.thenMs);
      }, plan.afterMs);
      return;
    case "itself":
  }
};

const countdown = (count: number, done: () => void): (() => void) => {
  let left = count;
  return () => {
    left -= 1;
    if (left === 0) done();
  };
};

const watchProgress = (bytes: number, { side, gone }: ServerProcess, now: () => void): void => {
  const timer = setInterval(() => {
    if (statSync(side).size < bytes) return;
    clearInterval(timer);
    now();
  }, 3);
  void gone.then(() => clearInterval(timer));
};

// Renames and removals are told besides writes, which do not count.
const watchFiles = ({ server, directory }: EndPlace, call: () => void): void => {
  const paths = [directory, join(directory, journalOf(directory, server.pid) ?? "")];
  for (const path of new Set(paths)) {
    // It may be gone by now.
    if (!existsSync(path)) continue;
    const watcher = watch(path, (event) => {
      if (event === "rename") call();
    });
    watcher.on("error", () => watcher.close());
    void server.gone.then(() => watcher.close());
  }
};
