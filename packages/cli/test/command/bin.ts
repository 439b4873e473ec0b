import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** The program as it is built. */
export const MAIN: string = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** How a run of the program ended, and what it wrote. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program in a process of its own. */
export function startWhyClosed(...args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, ...args]);
}

/** Runs it to its end with a text on its standard input. */
export async function whyClosed(args: readonly string[], stdin = ""): Promise<Finished> {
  const child = startWhyClosed(...args);
  const finished = finish(child);
  // A program that refuses its arguments does not read.
  child.stdin.on("error", () => undefined).end(stdin);
  return finished;
}

/** Collects what it writes until it has ended. */
export async function finish(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  const written = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (written.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (written.stderr += text));
  const [status] = await once(child, "close");
  return { status, ...written };
}

/** Resolves with all that a stream has written, once that contains a text. */
export async function written(stream: Readable, expected: string): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.includes(expected)) return text;
  }
  throw new Error(`ended without "${expected}": ${text}`);
}
