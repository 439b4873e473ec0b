import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "./input-error.ts";

/** One stream of OTLP JSON. */
export interface Source {
  /** As messages call it. */
  readonly name: string;
  /** A file that was only found in a folder may turn out to be something else. */
  readonly found: "named" | "in_folder";
  readonly open: () => AsyncIterable<Uint8Array>;
}

const OTLP_FILE = /\.(?:json|jsonl|ndjson)$/i;

/**
 * The sources behind a path of the command line: a file, the OTLP files of a folder in the order
 * of their names, or `-`, standard input. Throws {@link InputError} if there is none.
 */
export async function sourcesOf(path: string): Promise<readonly Source[]> {
  if (path === "-") return [{ name: "standard input", found: "named", open: () => process.stdin }];
  const stats = await readable(path, stat(path));
  if (!stats.isDirectory()) return [fileSource(path, "named")];
  const entries = await readable(path, readdir(path, { withFileTypes: true }));
  const names = entries
    .filter((entry) => !entry.isDirectory() && OTLP_FILE.test(entry.name))
    .map(({ name }) => name);
  if (names.length === 0)
    throw new InputError(`${path}: no *.json, *.jsonl or *.ndjson file is in this folder`);
  return names.sort().map((name) => fileSource(join(path, name), "in_folder"));
}

/** Waits for an answer of the file system, and says what stands in the way as a sentence. */
export async function readable<Answer>(name: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new InputError(`${name}: ${SENTENCES[error.code] ?? error.message}`, { cause: error });
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
  EISDIR: "it is a folder",
};

function fileSource(path: string, found: Source["found"]): Source {
  return { name: path, found, open: () => createReadStream(path, { highWaterMark: 2 ** 18 }) };
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
