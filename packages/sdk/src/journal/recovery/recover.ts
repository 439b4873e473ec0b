import { readdir } from "node:fs/promises";
import { reportFailure } from "@otel-lifecycle/api/internal";
import { checkOptions } from "../../check-options.ts";
import { createFolder } from "../folder/create-folder.ts";
import type { JournalFolder } from "../folder/folder.ts";
import { takeOver } from "../folder/take-over.ts";
import type { SpanExporter } from "../sdk-export.ts";
import { type JournalTerms, recoverJournal } from "./recover-journal.ts";
import type { LeftReason, RecoveryOptions, RecoveryResult } from "./recovery.ts";
import { EXPECTED } from "./recovery-options.ts";
import { createTally, resultOf } from "./tally.ts";

/**
 * Takes over what the dead have left in the folder's directory, and exports it. While one recovery
 * into a folder is under way a second one is that one. Never rejects.
 *
 * @throws LifecycleError `invalid_option` or `unknown_option`.
 */
export const recoverInto = <T>(
  folder: JournalFolder,
  exporter: SpanExporter<T>,
  options: RecoveryOptions = {},
): Promise<RecoveryResult> => {
  checkOptions("recover", options, EXPECTED);
  return folder.recoverOnce(() => recoverAll(folder, exporter, options));
};

/**
 * The same for who keeps no journal of its own: a sidecar, a command. Rejects never, once its options
 * are right.
 *
 * @throws LifecycleError `invalid_option` or `unknown_option`.
 */
export const recoverJournals = async <T>(
  directory: string,
  exporter: SpanExporter<T>,
  options: RecoveryOptions = {},
): Promise<RecoveryResult> => {
  checkOptions("recoverJournals", options, EXPECTED);
  const folder = createFolder(directory);
  if (folder === undefined) {
    const tally = createTally(options);
    tally.left.failed += 1;
    return resultOf(tally, false);
  }
  const result = await recoverInto(folder, exporter, options);
  if (await isEmpty(folder.taken)) folder.remove();
  else folder.leave();
  return result;
};

const recoverAll = async <T>(
  folder: JournalFolder,
  exporter: SpanExporter<T>,
  options: RecoveryOptions,
): Promise<RecoveryResult> => {
  const tally = createTally(options);
  let isComplete = true;
  try {
    const { pid, anyHost, signal } = options;
    const { paths, left, isWhole } = await takeOver(folder, { pid, anyHost, signal });
    for (const reason of Object.keys(left) as LeftReason[]) tally.left[reason] += left[reason];
    tally.journals = paths.length;
    isComplete = (await recoverEach(folder, paths, { exporter, options, tally })) && isWhole;
  } catch (error) {
    reportFailure("recovery", error);
    tally.left.failed += 1;
    isComplete = false;
  }
  tally.report();
  return resultOf(tally, isComplete);
};

const recoverEach = async <T>(
  folder: JournalFolder,
  paths: readonly string[],
  terms: JournalTerms<T>,
): Promise<boolean> => {
  let isComplete = true;
  for (const path of paths) {
    const isStopped = terms.options.signal?.aborted === true;
    const isDone = !isStopped && (await recoverJournal(path, terms));
    if (!isDone) folder.release(path);
    isComplete &&= isDone;
  }
  return isComplete;
};

// What cannot be looked at may hold something.
const isEmpty = async (path: string): Promise<boolean> => {
  try {
    return (await readdir(path)).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
};
