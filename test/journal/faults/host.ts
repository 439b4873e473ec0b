import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** What a host says of itself. */
export interface HostState {
  readonly path: string | null;
  readonly isNeeded: boolean;
  /** What `diag` was given, from warnings up. */
  readonly warnings: readonly string[];
  /** Rejections that nobody handled. */
  readonly thrown: readonly string[];
  readonly bounded: Readonly<Record<string, number>>;
}

/** A process that keeps a journal, and does one thing after the other. */
export interface Host {
  begin(name: string): Promise<void>;
  end(name: string): Promise<void>;
  /** So many runs that complete at once, each with a text of `length` characters. */
  many(count: number, length?: number): Promise<void>;
  flush(): Promise<void>;
  state(): Promise<HostState>;
  close(): Promise<void>;
  /** SIGKILL; resolves once it is gone. */
  kill(): Promise<void>;
  /** Lets it end by itself; what it had to say on stderr, and its status. */
  leave(): Promise<{ readonly status: number | null; readonly stderr: string }>;
}

export interface HostOptions {
  readonly directory: string;
  /** Where it exports to. */
  readonly url: string;
  /** Of `openJournal`. */
  readonly options?: object;
  /** What is put before the command that starts it: `sh`, `-c`, … */
  readonly under?: readonly string[];
  /** Modules that are loaded before it. */
  readonly imports?: readonly string[];
}

/** Starts one; it is killed if the test ends before it does. */
export const startHost = async ({
  directory,
  url,
  options = {},
  under = [],
  imports = [],
}: HostOptions): Promise<Host> => {
  const program = fileURLToPath(new URL("host.mjs", import.meta.url));
  const flags = imports.flatMap((path) => ["--import", path]);
  const own = [process.execPath, ...flags, program, directory, url, JSON.stringify(options)];
  const [command = "", ...args] = [...under, ...own];
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "exit");
  const stderr = child.stderr === null ? Promise.resolve("") : text(child.stderr);
  const answer = async (): Promise<unknown> => {
    const isOver = ended.then(async () => Promise.reject(new Error(`it ended: ${await stderr}`)));
    const [message] = await Promise.race([once(child, "message"), isOver]);
    return (message as { readonly answer: unknown }).answer;
  };
  const ask = (command: string, argument?: unknown): Promise<unknown> => {
    child.send({ command, argument });
    return answer();
  };
  await answer();
  return {
    begin: async (name) => void (await ask("begin", name)),
    end: async (name) => void (await ask("end", name)),
    many: async (count, length = 0) => void (await ask("many", { count, length })),
    flush: async () => void (await ask("flush")),
    // A cast, because this is what host.mjs answers.
    state: async () => (await ask("state")) as HostState,
    close: async () => void (await ask("close")),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    leave: async () => {
      child.disconnect();
      const [status] = await ended;
      return { status, stderr: await stderr };
    },
  };
};
