import { parseArgs } from "node:util";
import { tableOf } from "../table.ts";
import { UsageError } from "../usage-error.ts";
import { requireCollector } from "./collector-process.ts";
import { measureGateway } from "./measure-gateway.ts";

const USAGE = `Usage: pnpm bench:collector [--json] [--quick]

  --json    print the figures as JSON
  --quick   tiny sizes: shows that it works, measures nothing
  --help    print this

It needs the Collector that \`pnpm backends\` builds.
`;

const FULL = { spans: 100_000, rounds: { warmUp: 1, counted: 7 } };
const QUICK = { spans: 2000, rounds: { warmUp: 0, counted: 1 } };

const optionsOf = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
};

const run = async (args: readonly string[]): Promise<void> => {
  const { json, quick, help } = optionsOf(args);
  if (help) return void process.stdout.write(USAGE);
  await requireCollector();
  const figures = await measureGateway(quick ? QUICK : FULL, (step) =>
    process.stderr.write(`${step}\n`),
  );
  process.stdout.write(json ? `${JSON.stringify(figures, undefined, 2)}\n` : tableOf(figures));
};

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`bench: ${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
