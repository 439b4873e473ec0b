import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { CONFIGS } from "./collector.ts";

/** Which lines of a configuration are switched, by their marks. */
export interface Marks {
  /** `#TLS ` before a line: the mark goes, the line counts. */
  readonly on?: readonly string[];
  /** `#PLAIN` at the end of a line: the line goes. */
  readonly off?: readonly string[];
}

/**
 * A committed configuration with some of its marked lines switched, as its head tells to do it with
 * `sed`; gives the path. Throws where a mark is not in it.
 */
export const editedConfig = (file: string, { on = [], off = [] }: Marks): string => {
  const committed = readFileSync(join(CONFIGS, file), "utf8");
  const body = committed.split("\n").filter((line) => !/^#( |$)/.test(line));
  for (const mark of on) requireMark(body, `#${mark} `, file);
  for (const mark of off) requireMark(body, `#${mark}`, file);
  const edited = body
    .filter((line) => !off.some((mark) => line.endsWith(`#${mark}`)))
    .map((line) => on.reduce((text, mark) => text.replace(`#${mark} `, ""), line));
  const folder = mkdtempSync(join(tmpdir(), "otel-lifecycle-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, file);
  writeFileSync(path, edited.join("\n"));
  return path;
};

const requireMark = (lines: readonly string[], mark: string, file: string): void => {
  if (!lines.some((line) => line.includes(mark))) throw new Error(`${file} has no line ${mark}`);
};
