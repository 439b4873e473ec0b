import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Receiver, startReceiver } from "why-closed";
import { REGISTER } from "../support/program.ts";

/** One life of a program, and how it ended. */
export interface Life {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that lives, until it is ended. */
export interface Living {
  readonly pid: number;
  readonly ended: Promise<Life>;
  end(signal?: NodeJS.Signals): Promise<Life>;
}

export interface LifeOptions {
  readonly args?: readonly string[];
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const living = new Set<ChildProcess>();

/** An endpoint at which nobody listens. */
export const NOBODY = "http://127.0.0.1:1";

/** Starts a program of `test/fixtures`. */
export const start = (
  program: string,
  { args = [], flags = REGISTER, env = {} }: LifeOptions,
): Living => {
  const path = fileURLToPath(new URL(`../fixtures/${program}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [...flags, path, ...args], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { PATH: process.env["PATH"], OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  living.add(child);
  child.once("exit", () => living.delete(child));
  const written = Promise.all([text(child.stdout), text(child.stderr)]);
  const pid = Number(child.pid);
  const ended = new Promise<Life>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", async (code, signal) => {
      const [stdout, stderr] = await written;
      resolve({ pid, code, signal, stdout, stderr });
    });
  });
  return {
    pid,
    ended,
    end: (signal = "SIGTERM") => {
      child.kill(signal);
      return ended;
    },
  };
};

/** A directory for journals, and a receiver for what is recovered. */
export interface Afterlife {
  readonly directory: string;
  readonly receiver: Receiver;
  /** What makes a program keep a journal there, and send to the receiver. */
  readonly env: NodeJS.ProcessEnv;
  /** Starts a program that does nothing until the directory holds its own journal alone, and ends it. */
  recover(env?: NodeJS.ProcessEnv): Promise<Life>;
  /** The journals that are there. */
  journals(): readonly string[];
  close(): Promise<void>;
}

export const makeAfterlife = async (): Promise<Afterlife> => {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  // Made by whoever comes first.
  const directory = join(folder, "journals");
  const receiver = await startReceiver({ port: 0 });
  const env = { OTEL_LIFECYCLE_JOURNAL: directory, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const journals = (): readonly string[] => (existsSync(directory) ? readdirSync(directory) : []);
  return {
    directory,
    receiver,
    env,
    journals,
    recover: async (more) => {
      const dead = journals();
      const next = start("idle", { env: { ...env, ...more } });
      await until(() => hasRecovered(directory, dead));
      return next.end();
    },
    close: async () => {
      // Where a test has failed.
      for (const child of living) child.kill("SIGKILL");
      await receiver.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Asks every 20 ms, for at most about 40 s. */
export const until = async (isSo: () => boolean): Promise<void> => {
  for (let asked = 0; asked < 2_000 && !isSo(); asked += 1) await setTimeout(20);
  if (!isSo()) throw new Error("it did not come to be so");
};

// Nothing is there but the journal of the one that lives, with no other in it.
const hasRecovered = (directory: string, dead: readonly string[]): boolean => {
  const [id, ...others] = existsSync(directory) ? readdirSync(directory) : [];
  if (id === undefined || others.length > 0 || id.startsWith(".") || dead.includes(id))
    return false;
  const taken = join(directory, id, "taken");
  return !existsSync(taken) || readdirSync(taken).length === 0;
};
