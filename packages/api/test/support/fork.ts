import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How a forked fixture ended, and the JSON document that it wrote, if it wrote one. */
export interface Forked {
  readonly status: number | null;
  readonly stderr: string;
  readonly output: unknown;
}

/** Runs a program of `test/fixtures` in a process of its own. */
export function fork(
  fixture: string,
  { env = {}, args = [] }: { env?: NodeJS.ProcessEnv; args?: readonly string[] } = {},
): Forked {
  const program = fileURLToPath(new URL(`../fixtures/${fixture}.mjs`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, program], {
    env: { ...process.env, ...env },
    encoding: "utf8",
    timeout: 15_000,
  });
  return { status, stderr, output: stdout === "" ? undefined : JSON.parse(stdout) };
}
