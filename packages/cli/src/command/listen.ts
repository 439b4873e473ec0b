import { appendFileSync, closeSync, openSync } from "node:fs";
import { InputError } from "../input/input-error.ts";
import type { Signal } from "../otlp/signal.ts";
import { createSite } from "../page/site.ts";
import { type Receiver, startSharedReceiver, type Visit } from "../receiver/receiver.ts";
import { TRACES_PATH } from "../receiver/request-head.ts";
import type { ListenCommand } from "./command.ts";
import { createLiveAccount } from "./live-account.ts";
import { note } from "./output.ts";

/** Receives until SIGINT or SIGTERM, printing the account. Throws InputError if it cannot begin. */
export async function runListen(command: ListenCommand): Promise<void> {
  const stop = stopSignal();
  // Before the port: what a sender is told was taken is to be in the file.
  const archive = openArchive(command.out);
  let requests = 0;
  const onRequest = (json: string, signal: Signal): void => {
    archive.append(json);
    // The account is of spans alone.
    if (signal === "logs") return;
    requests += 1;
    // It is there by now: a request comes in a later turn than the port that it comes to.
    live.changed();
  };
  const site = createSite({ account: () => receiver.account(), version: () => requests });
  const receiver = await receiverOf(command, onRequest, site.visit);
  const heading = `listening on ${receiver.url}${TRACES_PATH}, the picture is on ${receiver.url}/, stop with Ctrl-C`;
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
  onRequest: (json: string, signal: Signal) => void,
  visit: Visit,
): Promise<Receiver> {
  const { port, host, maxBodyBytes } = command;
  try {
    // It may run for days: spans are kept, and their requests only where `--out` puts them.
    const options = { port, host, maxBodyBytes, maxKeptCharacters: 0, onRequest };
    return await startSharedReceiver(options, visit);
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
