import { parseArgs } from "node:util";

export interface DemoOptions {
  /** The account as JSON instead of a tree. */
  readonly json: boolean;
  /** Where to keep the OTLP requests as they were received, one a line. */
  readonly out: string | undefined;
}

export const USAGE = "usage: pnpm demo [--json] [--out FILE]";

/** Throws a `TypeError` that says what is wrong about the arguments. */
export const parseDemoOptions = (args: readonly string[]): DemoOptions => {
  const { values } = parseArgs({
    // `pnpm demo -- --json` hands the dashes on.
    args: args[0] === "--" ? args.slice(1) : [...args],
    options: { json: { type: "boolean", default: false }, out: { type: "string" } },
  });
  if (values.out === "") throw new TypeError("Option '--out' expects the name of a file");
  return { json: values.json, out: values.out };
};
