import { parseArgs } from "node:util";

/** What a command line asks for. */
export type Command =
  | { readonly type: "help" }
  | {
      readonly type: "torture";
      readonly trials: number;
      /** The first trial's number, from 1. */
      readonly from: number;
      readonly seed: number;
      readonly format: "text" | "json";
    };

/** The command line is not understood. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads a command line. Throws {@link UsageError} for what it does not understand. */
export const commandOf = (args: readonly string[]): Command => {
  const { help, json, ...given } = optionsOf(args);
  if (help) return { type: "help" };
  return {
    type: "torture",
    trials: numberOf("trials", given.trials, 1),
    from: numberOf("from", given.from, 1),
    seed: numberOf("seed", given.seed, 0),
    format: json ? "json" : "text",
  };
};

const optionsOf = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        trials: { type: "string", default: "100" },
        from: { type: "string", default: "1" },
        seed: { type: "string", default: "1" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
};

const numberOf = (name: string, text: string, least: number): number => {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least) return number;
  throw new UsageError(`--${name}: expected a whole number from ${least}, given "${text}"`);
};
