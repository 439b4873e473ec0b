import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Receiver, startReceiver } from "why-closed";
import { type OtlpSpan, spansOf } from "./otlp-span.ts";
import { type ModuleForm, programsOf } from "./programs.ts";

/** Which program is started, and how. */
export interface AppOptions {
  /** A folder of `test/apps`. */
  readonly app: string;
  /** A file of `test/apps/programs` or of the application's folder, without its extension. */
  readonly program: string;
  readonly form?: ModuleForm;
  /** The Node.js binary; default this process's own. */
  readonly node?: string;
  /** Node's own flags; `./name` there is a program like the one that is started. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How a process ended, and what it had exported. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly spans: readonly OtlpSpan[];
}

/** A program in a process of its own, which exports to a receiver of its own. */
export interface App {
  readonly receiver: Receiver;
  /** The rest of the line that begins with `word`, once it is written. Rejects if the program ends before. */
  readonly said: (word: string) => Promise<string>;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: () => Promise<Ending>;
}

/** Starts a program as a user would; it is killed if the test ends before it does. */
export const startApp = async (options: AppOptions): Promise<App> => {
  const receiver = await startReceiver({ port: 0 });
  const child = spawnProgram(options, receiver.url);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await receiver.close();
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const closed = once(child, "close");
  const ended = async (): Promise<Ending> => {
    const [code, signal] = await closed;
    return { code, signal, stdout, stderr, spans: spansOf(receiver.requests) };
  };
  return {
    receiver,
    kill: (signal) => void child.kill(signal),
    ended,
    said: async (word) => {
      const line = new RegExp(`^${word}(?: (.*))?$`, "m");
      for (;;) {
        const found = line.exec(stdout);
        if (found !== null) return found[1] ?? "";
        const isOver = await Promise.race([closed.then(() => true), nextOutput(child)]);
        if (isOver && !line.test(stdout)) throw new Error(`ended without "${word}": ${stderr}`);
      }
    },
  };
};

const nextOutput = (child: ChildProcess): Promise<boolean> =>
  new Promise((resolve) => child.stdout?.once("data", () => resolve(false)));

const spawnProgram = (options: AppOptions, endpoint: string): ChildProcess => {
  const { app, program, form = "esm", node = process.execPath, flags = [], env } = options;
  const folder = programsOf(app);
  const extension = form === "esm" ? ".mjs" : ".cjs";
  const file = (name: string): string => join(folder, `${name}${extension}`);
  const given = flags.map((flag) => (flag.startsWith("./") ? file(flag.slice(2)) : flag));
  return spawn(node, [...given, file(program)], {
    cwd: folder,
    // Nothing of this process's own: the runner sets variables that change how Node.js behaves.
    env: {
      PATH: process.env["PATH"],
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_SERVICE_NAME: "app",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
};
