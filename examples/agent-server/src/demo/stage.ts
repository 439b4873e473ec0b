import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Receiver, startReceiver } from "why-closed";
import { NOTES, NOTES_FILE } from "../model/written-texts.ts";
import { startChild } from "./child-process.ts";
import type { Directories } from "./scenario.ts";

const PROVIDER = new URL("../provider.js", import.meta.url);
const SERVER = new URL("../server.js", import.meta.url);

export interface StageOptions {
  readonly signal: AbortSignal;
  /** Called when one of the processes ends before it should. */
  readonly onLost: (error: Error) => void;
  readonly log: (line: string) => void;
}

/** Everything that the demo plays on. */
export interface Stage {
  readonly directories: Directories;
  readonly serverUrl: string;
  readonly providerUrl: string;
  readonly receiver: Receiver;
  /** Ends the server, which exports what it still holds first. */
  readonly endServer: () => Promise<void>;
  /** Leaves nothing behind: no process, no port, no folder. */
  readonly close: () => Promise<void>;
}

/** Starts a receiver here, a provider and a server as processes, and makes three directories. */
export const setStage = async ({ signal, onLost, log }: StageOptions): Promise<Stage> => {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const root = await realpath(await mkdtemp(join(tmpdir(), "agent-server-")));
    closers.push(() => rm(root, { recursive: true, force: true }));
    const directories = {
      shop: await makeDirectory(root, "shop"),
      blog: await makeDirectory(root, "blog"),
      docs: await makeDirectory(root, "docs"),
    };

    const receiver = await startReceiver({ port: 0 });
    closers.push(() => receiver.close());
    log(`receiver at ${receiver.url}`);

    const common = { signal, onLost };
    const provider = await startChild(PROVIDER, { ...common, name: "provider", env: {} });
    closers.push(provider.stop);
    log(`model provider at ${provider.url}`);

    const env = { PROVIDER_URL: provider.url, RECEIVER_URL: receiver.url };
    const server = await startChild(SERVER, { ...common, name: "server", env });
    closers.push(server.stop);
    log(`agent server at ${server.url}`);

    return {
      directories,
      serverUrl: server.url,
      providerUrl: provider.url,
      receiver,
      endServer: server.stop,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const makeDirectory = async (root: string, name: string): Promise<string> => {
  const directory = join(root, name);
  await mkdir(directory);
  await writeFile(join(directory, NOTES_FILE), NOTES);
  return directory;
};
