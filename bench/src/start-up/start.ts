import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What one start of the application took, from the fork to the exit, in ms. */
export interface Start {
  readonly cpu: number;
  readonly wall: number;
}

/** The application of a start; its URL too, because it belongs to neither side. */
export const APPLICATION: URL = new URL("application.js", import.meta.url);

/** Starts the application after what is preloaded, in a process of its own. Throws if that fails. */
export const start = (preload: string, env: Readonly<Record<string, string>> = {}): Start => {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", preload, fileURLToPath(APPLICATION)],
    { encoding: "utf8", env: { ...environment(), ...env } },
  );
  const wall = performance.now() - begin;
  if (status !== 0) throw new Error(`start of ${preload}: exit status ${status}\n${stderr}`);
  return { cpu: Number(stdout) / 1000, wall };
};

// What this process was told of telemetry would be another program on one side only.
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:OTEL_|NODE_)/.test(name)),
  );
