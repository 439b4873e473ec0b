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

test("one action of the supervisor closes the runs of both workers, through an action of each", async () => {
  const { stdout, ...rest } = await perform("--json");
  expect(rest).toEqual({ status: 0, stderr: "", isGroupAlive: false });
  const { actions, runs } = JSON.parse(stdout);
  const [root, ...nested] = actions;
  expect(root).toMatchObject({ kind: "dispose_all", scope: "fleet", parentId: null, closed: [] });
  for (const action of nested) {
    expect(action).toMatchObject({ parentId: root.id, traceId: root.traceId, trigger: "cli" });
  }
  const closed: string[][] = nested.map((action: { closed: string[] }) => action.closed.sort());
  expect(closed.sort()).toEqual([
    ["one-a", "one-b"],
    ["two-a", "two-b"],
  ]);
  expect(runs).toHaveLength(4);
});

test("the account is a tree: the supervisor's action, those of the workers, their runs", async () => {
  const { status, stdout } = await perform();
  expect(status).toBe(0);
  const shape = stdout
    .split("\n")
    .map((line) => /^([│├└─ ]*)(\w+ \w+)/.exec(line)?.slice(1).join(""));
  expect(shape).toEqual([
    "dispose_all fleet",
    "├─ dispose_all instance_store",
    "│  ├─ agent run",
    "│  └─ agent run",
    "└─ dispose_all instance_store",
    "   ├─ agent run",
    "   └─ agent run",
    undefined,
  ]);
});
