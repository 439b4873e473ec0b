import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServerSettings } from "../server/settings.ts";

/** A server that runs, or did. */
export interface ServerProcess {
  readonly process: number;
  readonly pid: number;
  /** Resolves once it is set up, or gone. */
  readonly ready: Promise<void>;
  /** Resolves once it is gone, with the signal that ended it, if one did. */
  readonly gone: Promise<NodeJS.Signals | null>;
  isGone: boolean;
  /** The file of its side channel. */
  readonly side: string;
  signal(name: NodeJS.Signals): void;
}

const MAIN = fileURLToPath(new URL("../server/main.js", import.meta.url));

/** Starts one; `folder` is the trial's, for what it prints. */
export const startServer = (folder: string, settings: ServerSettings): ServerProcess => {
  const output = openSync(join(folder, `${settings.process}.out`), "a");
  const child = fork(MAIN, [JSON.stringify(settings)], {
    stdio: ["ignore", output, output, "ipc"],
    execArgv: [],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("a server could not be started");
  const gone = goneOf(child);
  const server: ServerProcess = {
    process: settings.process,
    pid,
    ready: Promise.race([once(child, "message"), gone]).then(() => undefined),
    gone,
    isGone: false,
    side: settings.side,
    signal: (name) => child.kill(name),
  };
  void gone.then(() => {
    server.isGone = true;
  });
  return server;
};

const goneOf = async (child: ChildProcess): Promise<NodeJS.Signals | null> => {
  const [, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return signal;
};

/** Holds it until it is continued. Where the system does not show that it stands still, in a while. */
export const holdStill = async (server: ServerProcess): Promise<void> => {
  server.signal("SIGSTOP");
  for (let turn = 0; turn < 20 && !standsStill(server.pid); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};

const standsStill = (pid: number): boolean => {
  try {
    // The state follows the command's name, which stands in parentheses.
    return readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.startsWith("T") ?? false;
  } catch {
    return false;
  }
};
