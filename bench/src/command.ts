import { parseArgs } from "node:util";
import { FULL, QUICK, type Sizes } from "./sizes.ts";
import { UsageError } from "./usage-error.ts";

const PARTS = ["calls", "memory", "dispose-all", "incidents", "journal", "start-up"] as const;

/** A part of the bench that can be run alone. */
export type Part = (typeof PARTS)[number];

/** What a command line asks for. */
export type Command =
  | { readonly type: "help" }
  | {
      readonly type: "measure";
      readonly parts: readonly Part[];
      readonly sizes: Sizes;
      readonly format: "table" | "json";
    };

/** Reads a command line. Throws {@link UsageError} for what it does not understand. */
export const commandOf = (args: readonly string[]): Command => {
  const { json, quick, only, help } = optionsOf(args);
  if (help) return { type: "help" };
  return {
    type: "measure",
    parts: only === undefined ? PARTS : [partOf(only)],
    sizes: quick ? QUICK : FULL,
    format: json ? "json" : "table",
  };
};

const optionsOf = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
};

const partOf = (only: string): Part => {
  const part = PARTS.find((one) => one === only);
  if (part !== undefined) return part;
  throw new UsageError(`--only: expected one of ${PARTS.join(", ")}, given "${only}"`);
};
