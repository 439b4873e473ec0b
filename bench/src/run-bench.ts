import { commandOf } from "./command.ts";
import { requireGarbageCollector } from "./garbage.ts";
import { measure } from "./measure.ts";
import { tableOf } from "./table.ts";
import { UsageError } from "./usage-error.ts";

/** Where a bench writes; a process is one. */
export interface Output {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

const USAGE = `Usage: pnpm bench [--json] [--quick] [--only calls|memory|dispose-all|incidents|journal|start-up]

  --json    print the figures as JSON
  --quick   tiny sizes: shows that it works, measures nothing
  --only    one part of it, for a profile
  --help    print this
`;

/**
 * Runs what a command line asks for and gives the exit status: 2 for a command line that is not
 * understood, else 0, also when a goal is missed, because a figure of one machine fails no build.
 */
export const runBench = async (args: readonly string[], output: Output): Promise<number> => {
  try {
    const command = commandOf(args);
    if (command.type === "help") {
      output.stdout.write(USAGE);
      return 0;
    }
    requireGarbageCollector();
    const figures = await measure(command.parts, command.sizes, (step) =>
      output.stderr.write(`${step}\n`),
    );
    output.stdout.write(
      command.format === "json" ? `${JSON.stringify(figures, undefined, 2)}\n` : tableOf(figures),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    output.stderr.write(`bench: ${error.message}\n\n${USAGE}`);
    return 2;
  }
};
