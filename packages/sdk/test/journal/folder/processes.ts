import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

/** What a process that made a journal says of it. */
export interface Owner {
  readonly id: string;
  /** The process in which the journal is: a worker of the cluster that was started, for one. */
  readonly pid: number;
  /** Events of `process` on which it listens since then. */
  readonly listens: readonly string[];
  readonly process: ChildProcess;
}

const started: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(kill));
});

/** Starts a process that makes a journal and lives on in the given way. */
export const startOwner = async (directory: string, way: string): Promise<Owner> => {
  const child = keep(
    spawn(process.execPath, [fixture("journal-owner.mjs"), directory, way], {
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { ...(JSON.parse(line) as Omit<Owner, "process">), process: child };
};

/** Starts a process that has made a journal and takes over when it gets a message. */
export const startTaker = async (directory: string): Promise<ChildProcess> => {
  const child = keep(fork(fixture("journal-taker.mjs"), [directory]));
  await once(child, "message");
  return child;
};

/** Resolves once the system has done with it. */
export const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
};

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

const keep = <T extends ChildProcess>(child: T): T => {
  started.push(child);
  return child;
};
