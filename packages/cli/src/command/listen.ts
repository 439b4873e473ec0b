import { appendFileSync, closeSync, openSync } from "node:fs";
import { InputError } from "../input/input-error.ts";
import { type Receiver, startReceiver } from "../receiver/receiver.ts";
import { TRACES_PATH } from "../receiver/request-head.ts";
import type { ListenCommand } from "./command.ts";
import { createLiveAccount } from "./live-account.ts";
import { note } from "./output.ts";

/** Receives until SIGINT or SIGTERM, printing the account. Throws InputError if it cannot begin. */
export async function runListen(command: ListenCommand): Promise<void> {
  const stop = stopSignal();
  // Before the port: what a sender is told was taken is to be in the file.
  const archive = openArchive(command.out);
  const receiver = await receiverOf(command, (json) => {
    archive.append(json);
    // It is there by now: a request comes in a later turn than the port that it comes to.
    live.changed();
  });
  const heading = `listening on ${receiver.url}${TRACES_PATH}, stop with Ctrl-C`;
  const live = createLiveAccount(process.stdout, { heading, account: receiver.account });
  note(heading);
  await stop;
  await receiver.close();
  live.finish();
  archive.close();
}

function stopSignal(): Promise<unknown> {
  return new Promise((resolve) => {
    // Not once: under a package manager one Ctrl-C arrives twice, from the terminal and from the
    // parent, and the second would end the process before the account is printed.
    process.on("SIGINT", resolve);
    process.on("SIGTERM", resolve);
  });
}

async function receiverOf(
  command: ListenCommand,
  onRequest: (json: string) => void,
): Promise<Receiver> {
  const { port, host, maxBodyBytes } = command;
  try {
    // It may run for days: spans are kept, and their requests only where `--out` puts them.
    return await startReceiver({ port, host, maxBodyBytes, maxKeptCharacters: 0, onRequest });
  } catch (error) {
    throw new InputError(`cannot listen on ${host}, port ${port}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

interface Archive {
  readonly append: (json: string) => void;
  readonly close: () => void;
}

function openArchive(path: string | undefined): Archive {
  if (path === undefined) return { append: () => undefined, close: () => undefined };
  const file = openedForAppending(path);
  return {
    // Synchronous, so that two requests never write into one another and a full disk is answered
    // with a 503. Line breaks can only stand between tokens in JSON, and there a space does too.
    append: (json) => appendFileSync(file, `${json.replace(/[\r\n]+/g, " ").trim()}\n`),
    close: () => closeSync(file),
  };
}

function openedForAppending(path: string): number {
  try {
    return openSync(path, "a");
  } catch (error) {
    throw new InputError(`cannot write to ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return "the port is in use";
  return error instanceof Error ? error.message : String(error);
}
