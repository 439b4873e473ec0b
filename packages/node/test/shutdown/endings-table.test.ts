import { expect, test } from "vitest";
import { nodeBinaries } from "../../../../test/support/nodes.ts";
import { inPool } from "./pool.ts";
import { accountOf, interruptedBy, runPlain, runWatched } from "./program.ts";

const EXIT = "process.exit";
const UNCAUGHT = "uncaughtException";
const REJECTED = "unhandledRejection";

interface Cell {
  readonly ending: string;
  readonly operation: string;
  readonly execArgv?: readonly string[];
}

const mode = (name: string, operation: string): Cell => ({
  ending: "unhandled rejection",
  operation,
  execArgv: [`--unhandled-rejections=${name}`],
});

const cells: readonly Cell[] = [
  { ending: "process.exit", operation: EXIT },
  { ending: "process.exit in a listener of exit", operation: EXIT },
  { ending: "exitCode in a listener of exit", operation: EXIT },
  { ending: "a listener of exit that throws", operation: EXIT },
  { ending: "uncaught exception", operation: UNCAUGHT },
  { ending: "uncaught exception, listener exits", operation: UNCAUGHT },
  { ending: "uncaught exception, listener throws", operation: UNCAUGHT },
  { ending: "unhandled rejection", operation: REJECTED },
  mode("strict", REJECTED),
  mode("throw", REJECTED),
  mode("warn", "beforeExit"),
  mode("none", "beforeExit"),
  mode("warn-with-error-code", "beforeExit"),
  { ending: "natural end", operation: "beforeExit" },
  { ending: "natural end with an exit code", operation: "beforeExit" },
  { ending: "top-level await that never settles", operation: "beforeExit" },
  { ending: "exception dealt with by a listener", operation: EXIT },
  { ending: "exception dealt with by a capture callback", operation: EXIT },
  { ending: "exception dealt with by a domain", operation: EXIT },
  { ending: "rejection dealt with by a listener", operation: EXIT },
];

test.each(nodeBinaries())(
  "on Node $version every program that ends by itself ends as without us, and the run in flight is the shutdown's (rules 19, 20)",
  async ({ path: node }) => {
    const measured = await inPool(cells, 4, async ({ ending, execArgv = [] }) => {
      const options = { node, execArgv, args: [ending] };
      const cell = [...execArgv, ending].join(" ");
      const plain = await runPlain("endings", options);
      const watched = await runWatched("endings", options);
      return {
        plain: { cell, code: plain.code, signal: plain.signal },
        watched: { cell, code: watched.code, signal: watched.signal },
        account: { cell, account: accountOf(watched.spans) },
      };
    });
    expect(measured.map(({ watched }) => watched)).toEqual(measured.map(({ plain }) => plain));
    expect(measured.map(({ account }) => account)).toEqual(
      cells.map(({ ending, operation, execArgv = [] }) => ({
        cell: [...execArgv, ending].join(" "),
        account: interruptedBy("runtime", { operation }),
      })),
    );
  },
  240_000,
);
