import { parseArgs } from "node:util";
import { UsageError } from "../usage-error.ts";

/** What a command line asks for. */
export type SoakCommand =
  | { readonly type: "help" }
  | { readonly type: "soak"; readonly runs: number; readonly format: "text" | "json" };

/** Fewer would give samples of nothing. */
export const LEAST_RUNS = 20_000;

const DEFAULT_RUNS = 5_000_000;

/** Reads a command line. Throws {@link UsageError} for what it does not understand. */
export const soakCommandOf = (args: readonly string[]): SoakCommand => {
  const { help, json, runs } = optionsOf(args);
  if (help) return { type: "help" };
  const count = runs === undefined ? DEFAULT_RUNS : Number(runs);
  if (!Number.isSafeInteger(count) || count < LEAST_RUNS) {
    throw new UsageError(`--runs: expected a whole number from ${LEAST_RUNS}, given "${runs}"`);
  }
  return { type: "soak", runs: count, format: json ? "json" : "text" };
};

const optionsOf = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        runs: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
};
