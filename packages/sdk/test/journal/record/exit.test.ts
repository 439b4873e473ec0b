import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newDirectory, recordsOf } from "./journalling.ts";

const FIXTURE = fileURLToPath(new URL("../../fixtures/journal-exits.mjs", import.meta.url));

/** Ends a process in one way; how it ended, and what its journal says then. */
const endBy = (way: string, watchExit = true) => {
  const directory = newDirectory();
  const { status, stdout } = spawnSync(
    process.execPath,
    [FIXTURE, directory, way, `${watchExit}`],
    { encoding: "utf8", timeout: 60_000 },
  );
  const [name] = readdirSync(directory);
  const records = name === undefined ? [] : recordsOf(join(directory, name));
  return {
    ended: [status, stdout],
    told: records.map(({ type, body }) => [type, body["n"], Object(body["c"]).operation]),
  };
};

const SPILLED = [
  ["F", "sent", undefined],
  ["F", "queued", undefined],
];

test.each([
  ["exit", "process.exit", 3],
  ["throw", "uncaughtException", 1],
  ["reject", "unhandledRejection", 1],
])(
  "issue 7, point 3: at the end by %s what is in flight is covered by it, and what is unsent is there",
  (way, operation, status) => {
    expect(endBy(way)).toEqual({
      ended: [status, `exit ${status}`],
      told: [["B", "agent run", undefined], ["B", "shutdown process", operation], ...SPILLED],
    });
  },
  60_000,
);

test("where somebody else sees to it, its end is not watched", () => {
  const { ended, told } = endBy("exit", false);
  expect({ ended, told }).toEqual({
    ended: [3, "exit 3"],
    told: [["B", "agent run", undefined]],
  });
}, 60_000);

test("with nothing in flight and nothing unsent nothing is left", () => {
  expect(endBy("idle")).toEqual({ ended: [3, "exit 3"], told: [] });
}, 60_000);
