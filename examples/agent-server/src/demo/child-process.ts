import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** How long a process may take to end by itself, in milliseconds: an export may take ten seconds. */
const GRACE_MS = 14_000;

export interface Child {
  /** Where it listens. */
  readonly url: string;
  /** Lets go of the process, so that it ends by itself, and waits until it has. */
  readonly stop: () => Promise<void>;
}

export interface ChildOptions {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** Aborted when the demo is interrupted: nothing is waited for any more. */
  readonly signal: AbortSignal;
  /** Called when it ends without having been stopped. */
  readonly onLost: (error: Error) => void;
}

/** Forks a module and waits for the address that it listens on. */
export const startChild = async (module: URL, options: ChildOptions): Promise<Child> => {
  const child = fork(module, {
    env: { ...process.env, ...options.env },
    // Standard output is the account's alone.
    stdio: ["ignore", 2, 2, "ipc"],
  });
  const lost = (code: number | null, signal: string | null): void =>
    options.onLost(new Error(`the ${options.name} ended by itself (${signal ?? code})`));
  child.once("exit", lost);

  const stop = async (): Promise<void> => {
    child.off("exit", lost);
    await stopped(child, options.signal);
  };
  try {
    const [message] = await once(child, "message", { signal: options.signal });
    return { url: String(message.url), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const stopped = async (child: ChildProcess, interruption: AbortSignal): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  if (child.connected) child.disconnect();
  const kill = (): boolean => child.kill("SIGKILL");
  const deadline = setTimeout(kill, GRACE_MS);
  // Whoever interrupts the demo does not wait for an export.
  if (interruption.aborted) kill();
  interruption.addEventListener("abort", kill);
  await exit;
  interruption.removeEventListener("abort", kill);
  clearTimeout(deadline);
};
