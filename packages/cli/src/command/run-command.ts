import { InputError } from "../input/input-error.ts";
import { type Command, commandOf } from "./command.ts";
import { runListen } from "./listen.ts";
import { note } from "./output.ts";
import { runRead } from "./read.ts";
import { USAGE, versionText } from "./usage.ts";

/** Runs a command line to its end and resolves with the exit status: 0, or 2 for a mistake in it. */
export async function runCommand(args: readonly string[]): Promise<number> {
  // `why-closed … | head` closes the pipe: what is left to print has no reader.
  process.stdout.on("error", (error: NodeJS.ErrnoException) =>
    process.exit(error.code === "EPIPE" ? 0 : 1),
  );
  try {
    await run(commandOf(args));
    return 0;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    note(error.message);
    return 2;
  }
}

async function run(command: Command): Promise<void> {
  switch (command.type) {
    case "help":
      process.stdout.write(USAGE);
      return;
    case "version":
      process.stdout.write(versionText());
      return;
    case "read":
      return runRead(command);
    case "listen":
      return runListen(command);
  }
}
