import { requireGarbageCollector } from "../garbage.ts";
import type { Output } from "../run-bench.ts";
import { UsageError } from "../usage-error.ts";
import { type SoakResult, soak } from "./soak.ts";
import { LEAST_RUNS, soakCommandOf } from "./soak-command.ts";

const USAGE = `Usage: pnpm soak [--runs N] [--json]

  --runs    how many runs, at least ${LEAST_RUNS}: 5,000,000
  --json    print the result as JSON
  --help    print this
`;

/** Runs what a command line asks for and gives the exit status: 0 where all stayed flat, else 1; 2 for a misuse. */
export const runSoak = async (args: readonly string[], output: Output): Promise<number> => {
  try {
    const command = soakCommandOf(args);
    if (command.type === "help") {
      output.stdout.write(USAGE);
      return 0;
    }
    requireGarbageCollector();
    const result = await soak(command.runs, (step) => output.stderr.write(`${step}\n`));
    const text = command.format === "json" ? JSON.stringify(result, undefined, 2) : textOf(result);
    output.stdout.write(`${text}\n`);
    return result.isFlat ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    output.stderr.write(`soak: ${error.message}\n\n${USAGE}`);
    return 2;
  }
};

const textOf = ({ courses, ...counts }: SoakResult): string =>
  [
    `${counts.runs} runs, ${counts.actions} actions, ${counts.incidents} incidents; ${counts.sent} spans sent, ${counts.failed} given up; ${counts.seconds} s, ${counts.cpuSeconds} s of CPU`,
    ...courses.map(
      ({ name, second, last, margin, isFlat }) =>
        `${name.padEnd(12)} ${second} in the second quarter, ${last} in the last, ${isFlat ? "flat" : `not flat: margin ${margin}`}`,
    ),
  ].join("\n");
