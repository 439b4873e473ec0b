import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** Runs the built program in a process group of its own. */
const perform = async (...args: readonly string[]) => {
  const program = spawn(process.execPath, [MAIN, ...args], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(program, "exit");
  const [stdout, stderr] = await Promise.all([text(program.stdout), text(program.stderr)]);
  const [status] = await exited;
  return { status, stdout, stderr, isGroupAlive: isGroupAlive(program.pid ?? 0) };
};

const isGroupAlive = (pid: number): boolean => {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
};

test("the next start says what became of the runs of a process that was killed", async () => {
  const { stdout, ...rest } = await perform();
  expect(rest).toEqual({ status: 0, stderr: "", isGroupAlive: false });
  const shape = stdout
    .split("\n")
    .map((line) => line.replace(/ +[0-9a-z]{26}$/, "").replace(/\d{4}-[^,]+Z/, "…"));
  expect(shape[0]).toMatch(/^dispose instance +POST \/dispose +/);
  expect(shape.slice(1)).toEqual([
    expect.stringMatching(
      /^└─ agent run r4 +lost with its process, last seen …, .*recovered from its journal/,
    ),
    "",
    "process_lost   agent run r2   last seen …, recovered from its journal",
    "process_lost   agent run r3   last seen …, recovered from its journal",
    "",
    "1 run completed",
    "",
  ]);
});

test("--json prints the account as JSON", async () => {
  const { status, stdout } = await perform("--json");
  const { runs } = JSON.parse(stdout);
  expect({ status, runs: runs.length }).toEqual({ status: 0, runs: 4 });
});
