import { registry } from "@otel-lifecycle/api/internal";
import { warn } from "../position.ts";
import { createFolder } from "./folder/create-folder.ts";
import type { Journal, JournalOptions } from "./journal.ts";
import { createJournal } from "./record/create-journal.ts";
import { INERT } from "./record/inert.ts";
import { checkJournalOptions } from "./record/journal-options.ts";

/**
 * Opens the journal of this thread. Where the directory cannot be used it warns once through `diag`
 * and gives a journal that does nothing; so it does where the thread has one already.
 *
 * @throws LifecycleError `invalid_option` or `unknown_option`.
 */
export const openJournal = (options: JournalOptions): Journal => {
  checkJournalOptions(options);
  if (registry.journal !== undefined) {
    warn("openJournal() was called before: the first journal stands. Take one out, or close it.");
    return INERT;
  }
  const folder = createFolder(options.directory);
  return folder === undefined ? INERT : createJournal(folder, options);
};
