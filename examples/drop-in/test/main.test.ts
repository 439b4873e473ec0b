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

test("the accounts of both servers say what closed their requests, and nothing stands on stderr", async () => {
  const { stdout, ...rest } = await perform();
  expect(rest).toEqual({ status: 0, stderr: "", isGroupAlive: false });
  const shape = stdout
    .split("\n")
    .map((line) => line.replace(/ +[0-9a-z]{26}$/, "").replace(/[0-9a-f]{16}/, "…"));
  expect(shape).toEqual([
    "shutdown process   SIGTERM   3 stopped",
    "├─ GET …   stopped, medium confidence",
    "├─ GET …   stopped, medium confidence",
    "└─ GET …   stopped, medium confidence",
    "",
    "client_disconnect   GET …",
    "",
    "1 run completed",
    "",
    "shutdown process   SIGTERM   2 stopped, 1 finished first",
    "├─ GET …   stopped, medium confidence",
    "└─ GET …   stopped, medium confidence",
    "",
    "2 runs completed",
    "",
    "",
  ]);
});

test("--json prints one account a server", async () => {
  const { status, stdout } = await perform("--json");
  expect(status).toBe(0);
  const accounts = stdout
    .trim()
    .split(/\n\n/)
    .map((json) => JSON.parse(json));
  const counts = accounts.map(({ actions, runs }) => ({
    actions: actions.map((action: { signal: string }) => action.signal),
    runs: runs.length,
  }));
  expect(counts).toEqual([
    { actions: ["SIGTERM"], runs: 5 },
    { actions: ["SIGTERM"], runs: 4 },
  ]);
});
