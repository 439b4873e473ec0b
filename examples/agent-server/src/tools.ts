import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ExposedTool, ToolEffect } from "@otel-lifecycle/api";
import type { ToolCall } from "./model/reading.ts";

/** How long it takes to publish something, in milliseconds. */
const PUBLISH_MS = 1000;

export interface ToolEnvironment {
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** A tool stopped in the middle of its work, and not because the run was asked to. */
export class ToolInterruptedError extends Error {
  override readonly name = "ToolInterruptedError";
}

/** Executes what the model asked for and gives the text to answer it with. */
export const executeTool = (call: ToolCall, environment: ToolEnvironment): Promise<string> => {
  const tool = tools.get(call.name);
  if (tool === undefined) throw new RangeError(`expected a known tool, got "${call.name}"`);
  return tool.execute(argumentOf(call), environment);
};

interface Tool {
  /** What it may do outside the run: that it did stays true, whatever becomes of the run. */
  readonly effect: ToolEffect;
  readonly execute: (argument: string, environment: ToolEnvironment) => Promise<string>;
}

const tools: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  [
    "read_file",
    {
      effect: "read_only",
      // The base name alone, because a model may ask for any path.
      execute: (path, { directory, signal }) =>
        readFile(join(directory, basename(path)), { encoding: "utf8", signal }),
    },
  ],
  [
    "write_file",
    {
      effect: "local_file_write",
      execute: async (text, { directory, signal }) => {
        await writeFile(join(directory, "report.md"), text, { signal });
        return "written";
      },
    },
  ],
  [
    "publish",
    {
      effect: "external",
      // What is on its way cannot be called back, so it does not listen to the signal.
      execute: () => delay(PUBLISH_MS, "published"),
    },
  ],
  [
    "ask_user",
    {
      effect: "external",
      execute: async (_question, { signal }) => {
        // Nobody sits in front of this example, so the answer never comes.
        const [answer] = await once(new EventEmitter(), "answer", { signal });
        return String(answer);
      },
    },
  ],
  [
    "run_checks",
    {
      effect: "local_process",
      execute: async (_which, { directory, signal }) => {
        // The kernel takes a process that needs too much memory; this one goes by itself.
        const killed = "process.kill(process.pid, 'SIGKILL')";
        const child = spawn(process.execPath, ["-e", killed], { cwd: directory, signal });
        const [status] = await once(child, "exit");
        if (status === null) throw new ToolInterruptedError("the checks were killed");
        return `the checks ended with ${status}`;
      },
    },
  ],
]);

/** What the model may call. */
export const exposedTools: readonly ExposedTool[] = [...tools].map(([name, { effect }]) => ({
  name,
  effect,
}));

const argumentOf = ({ input }: ToolCall): string => String(JSON.parse(input).argument);
