import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

/** A backend in a process of its own. */
export interface Running {
  /** What it has written so far, both streams. */
  readonly output: () => string;
  /** Ends it by a signal and waits until it has gone; SIGTERM unless said otherwise. Safe to call twice. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

/** What is started, and how it tells that it is ready. */
export interface Start {
  readonly binary: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly isReady: () => Promise<boolean>;
}

// A loaded machine has taken ten times the tenth of a second that both need.
const READY_WITHIN_MS = 30_000;

/** Starts a backend and resolves once it is ready. Rejects, with what it wrote, if it is not. */
export const startProcess = async ({ binary, args, env, isReady }: Start): Promise<Running> => {
  const child = spawn(binary, [...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const closed = once(child, "close");
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
    if (!isOver()) child.kill(signal);
    await closed;
  };
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await isReady().catch(() => false))) {
    if (isOver() || performance.now() > deadline) {
      await stop("SIGKILL");
      throw new Error(`${binary} did not become ready:\n${output}`);
    }
    await delay(20);
  }
  return { output: () => output, stop };
};
