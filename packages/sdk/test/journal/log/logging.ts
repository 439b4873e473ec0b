import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { JournalLog, LogOptions } from "../../../dist/journal/log/journal-log.js";
import { openLog } from "../../../dist/journal/log/open-log.js";
import { sizesFor } from "../../../dist/journal/log/sizes.js";

/** A log in a folder of its own, and why it went off. */
export interface Logging {
  readonly path: string;
  readonly log: JournalLog;
  readonly offs: string[];
}

export interface LoggingOptions extends Partial<LogOptions> {
  readonly segmentBytes?: number;
}

export const temporaryFolder = (): string => {
  const path = mkdtempSync(join(tmpdir(), "journal-log-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

/** Opens a log as the journal does, and closes it with the test. */
export const logging = ({ segmentBytes, ...given }: LoggingOptions = {}): Logging => {
  const path = given.path ?? temporaryFolder();
  const offs: string[] = [];
  const options: LogOptions = {
    maxBytes: 64 * 1024 * 1024,
    syncIntervalMs: undefined,
    onOff: (reason) => offs.push(reason),
    ...given,
    path,
  };
  const log = openLog(options, sizesFor(options.maxBytes, segmentBytes));
  onTestFinished(() => log.close());
  return { path, log, offs };
};
