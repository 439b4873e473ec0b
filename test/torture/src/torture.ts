import { type Command, commandOf, UsageError } from "./command.ts";
import { runTrial, type TrialResult } from "./driver/trial.ts";
import { planOf } from "./plan.ts";
import { added, isClean, NOTHING, type Totals } from "./totals.ts";

/** Where a torture writes; a process is one. */
export interface Output {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

const USAGE = `Usage: pnpm torture [--trials N] [--from N] [--seed S] [--json]

  --trials  how many trials: 100
  --from    the first one, to repeat it: 1
  --seed    what the plan of every trial follows from: 1
  --json    print the totals as JSON
  --help    print this

The same seed gives the same plans: loads, behaviours of the receiver, moments to kill. How far a
server got by then follows from the machine.
`;

/** Runs what a command line asks for and gives the exit status: 0 where all is well, 1, or 2 for a misuse. */
export const torture = async (args: readonly string[], output: Output): Promise<number> => {
  try {
    const command = commandOf(args);
    if (command.type === "torture") return await runAll(command, output);
    output.stdout.write(USAGE);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    output.stderr.write(`torture: ${error.message}\n\n${USAGE}`);
    return 2;
  }
};

type Torture = Extract<Command, { type: "torture" }>;

const runAll = async (command: Torture, output: Output): Promise<number> => {
  let next = command.from;
  let totals = NOTHING;
  const worker = async (): Promise<void> => {
    while (next < command.from + command.trials) {
      const trial = next;
      next += 1;
      const result = await runTrial(planOf(command.seed, trial));
      totals = added(totals, result);
      output.stderr.write(reportOf(command, trial, result, totals));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  output.stdout.write(command.format === "json" ? `${JSON.stringify(totals)}\n` : textOf(totals));
  return isClean(totals) ? 0 : 1;
};

/** Trials wait more than they work. */
const AT_ONCE = 3;

const reportOf = (
  { seed }: Torture,
  trial: number,
  { findings, folder, warnings }: TrialResult,
  totals: Totals,
): string => {
  const bad = findings.filter(({ type }) => type !== "duplicated");
  if (bad.length === 0) return `${totals.trials} trials, ${totals.runs} runs\n`;
  const lines = bad.slice(0, MOST_LINES).map(({ type, what }) => `  ${type}: ${what}`);
  return [
    `trial ${trial}: ${bad.length} findings; --seed ${seed} --from ${trial} --trials 1; ${folder}`,
    ...lines,
    ...warnings.slice(0, MOST_LINES).map((warning) => `  said: ${warning}`),
    "",
  ].join("\n");
};

const MOST_LINES = 20;

const textOf = (totals: Totals): string =>
  `${totals.trials} trials, ${totals.runs} runs: ${totals.lost} lost, ${totals.duplicated} duplicated, ` +
  `${totals.duplicatedOutsideWindow} of them outside the window, ${totals.wrong} wrong\n`;
