// The entry point `@otel-lifecycle/sdk/journal`: one of its own, so that a process which keeps no
// journal does not load it.
export type { Journal, JournalOptions } from "./journal/journal.ts";
export { openJournal } from "./journal/open-journal.ts";
export { recoverJournals } from "./journal/recovery/recover.ts";
export type {
  LeftReason,
  ProcessExit,
  RecoveryOptions,
  RecoveryProgress,
  RecoveryResult,
} from "./journal/recovery/recovery.ts";
export type { ExportResult, SpanExporter } from "./journal/sdk-export.ts";
