import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Dispose, Progress } from "./message.ts";

// So that a test can take it from the sources, too.
const WORKER = new URL("../dist/worker.js", import.meta.url);

/** How long a worker may take for one step, in milliseconds: an export may take ten seconds. */
const PATIENCE_MS = 15_000;

export interface WorkerProcess {
  readonly name: string;
  /** The ids of the runs that it begins with. */
  readonly runs: readonly string[];
  /** Resolves once these are in flight. */
  readonly running: () => Promise<void>;
  /** Hands an action over; resolves once the worker has closed what it has in flight. */
  readonly dispose: (carrier: Dispose["carrier"]) => Promise<void>;
  /** Lets go of the worker; resolves once it has exported what is left and has ended by itself. */
  readonly release: () => Promise<void>;
  /** Whatever became of it: afterwards it is gone. */
  readonly kill: () => Promise<void>;
}

export interface WorkerOptions {
  readonly name: string;
  readonly runs: readonly string[];
  /** Where it exports to. */
  readonly endpoint: string;
}

/** Forks a worker. What it resolves with rejects where the worker ends early or takes too long. */
export const startWorker = ({ name, runs, endpoint }: WorkerOptions): WorkerProcess => {
  const child = fork(WORKER, [endpoint, name, ...runs], {
    // Standard output is the account's alone.
    stdio: ["ignore", 2, 2, "ipc"],
  });
  const exited = new Promise<string | number | null>((resolve) => {
    child.once("exit", (status, signal) => resolve(signal ?? status));
  });
  const inTime = async <T>(step: string, awaited: Promise<T>): Promise<T> => {
    const settled = new AbortController();
    const late = delay(PATIENCE_MS, undefined, settled).then(() => {
      throw new Error(`${name} has not ${step} after ${PATIENCE_MS} ms`);
    });
    return Promise.race([awaited, late]).finally(() => settled.abort());
  };
  const told = async (expected: Progress["type"]): Promise<void> => {
    const lost = exited.then((status) => {
      throw new Error(`${name} ended with ${status} and was not "${expected}"`);
    });
    const [message] = await inTime(
      `said "${expected}"`,
      Promise.race([once(child, "message"), lost]),
    );
    if (message.type !== expected) throw new Error(`${name} is ${message.type}, not ${expected}`);
  };

  return {
    name,
    runs,
    running: () => told("running"),
    dispose: (carrier) => {
      const disposed = told("disposed");
      child.send({ type: "dispose", carrier } satisfies Dispose);
      return disposed;
    },
    release: async () => {
      child.disconnect();
      const status = await inTime("ended", exited);
      if (status !== 0) throw new Error(`${name} ended with ${status}`);
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
};
