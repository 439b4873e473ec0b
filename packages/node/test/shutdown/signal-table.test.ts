import { expect, test } from "vitest";
import { nodeBinaries } from "../../../../test/support/nodes.ts";
import { inPool } from "./pool.ts";
import { accountOf, interruptedBy, runPlain, runWatched } from "./program.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR2"] as const;
const LISTENERS = [
  "none",
  "one",
  "several",
  "one that exits",
  "one that throws",
  "one that re-raises",
  "one that counts",
  "signal-exit",
  "close-with-grace",
] as const;

const cells = SIGNALS.flatMap((signal) => LISTENERS.map((listeners) => ({ signal, listeners })));
type Cell = (typeof cells)[number];

// Where an application's own listener may only have read its configuration again, an exception is
// what ended the process.
const expected = ({ signal, listeners }: Cell): unknown =>
  listeners === "one that throws" && (signal === "SIGHUP" || signal === "SIGUSR2")
    ? interruptedBy("runtime", { operation: "uncaughtException" })
    : interruptedBy("signal", { signal });

test.each(nodeBinaries())(
  "on Node $version every signal ends every program as without us, and the run in flight is the shutdown's (rules 19, 20)",
  async ({ path: node }) => {
    const measured = await inPool(cells, 4, async (cell) => {
      const args = [cell.listeners, cell.signal];
      const plain = await runPlain("signal-table", { node, args });
      const watched = await runWatched("signal-table", { node, args });
      return {
        plain: { ...cell, code: plain.code, signal: plain.signal },
        watched: { ...cell, code: watched.code, signal: watched.signal },
        account: { ...cell, account: accountOf(watched.spans) },
      };
    });
    expect(measured.map(({ watched }) => watched)).toEqual(measured.map(({ plain }) => plain));
    expect(measured.map(({ account }) => account)).toEqual(
      cells.map((cell) => ({ ...cell, account: expected(cell) })),
    );
  },
  240_000,
);
