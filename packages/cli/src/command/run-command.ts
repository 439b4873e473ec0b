import { InputError } from "../input/input-error.ts";
import { runAsk } from "./ask.ts";
import { type Command, commandOf, type RecoverCommand } from "./command.ts";
import { runIncidents } from "./incidents.ts";
import { runListen } from "./listen.ts";
import { note } from "./output.ts";
import { runRead } from "./read.ts";
import { USAGE, versionText } from "./usage.ts";

/**
 * Runs a command line to its end and resolves with the exit status: 0, 1 if what it names by an id
 * is not there or something was left unrecovered, or 2 for a mistake in it.
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  // `why-closed … | head` closes the pipe: what is left to print has no reader.
  process.stdout.on("error", (error: NodeJS.ErrnoException) =>
    process.exit(error.code === "EPIPE" ? 0 : 1),
  );
  try {
    return await run(commandOf(args));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    note(error.message);
    return 2;
  }
}

async function run(command: Command): Promise<number> {
  switch (command.type) {
    case "help":
      process.stdout.write(USAGE);
      return 0;
    case "version":
      process.stdout.write(versionText());
      return 0;
    case "read":
      await runRead(command);
      return 0;
    case "incidents":
      await runIncidents(command);
      return 0;
    case "listen":
      await runListen(command);
      return 0;
    case "jaeger":
    case "tempo":
      return runAsk(command);
    case "recover":
      return recover(command);
  }
}

/** Loaded only now, because nothing else wants it. */
async function recover(command: RecoverCommand): Promise<number> {
  const { runRecover } = await import("./recover.ts");
  return runRecover(command);
}
