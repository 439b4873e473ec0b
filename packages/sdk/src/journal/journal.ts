import type { LifecycleSpanProcessor } from "../lifecycle-span-processor.ts";
import type { RecoveryOptions, RecoveryResult } from "./recovery/recovery.ts";
import type { SpanExporter } from "./sdk-export.ts";

/** What {@link openJournal} takes. */
export interface JournalOptions {
  /**
   * The directory for the journals of this and other processes of the same user: made with mode 0700
   * if it is not there. An absolute path is best; short enough that `<directory>/.new-<20>/alive` has at most 100
   * bytes, which is what the path of a Unix socket may have.
   */
  readonly directory: string;
  /** The processor that sees the spans of runs and actions begin and end. */
  readonly processor: LifecycleSpanProcessor;
  /** The most that stays on disk for this process, in bytes: 1 MiB to 16 GiB. Default: 64 MiB. */
  readonly maxBytes?: number;
  /** How often what was written is forced to the disk, in ms: 10 to 60,000. Default: never, which is enough but for a power loss. */
  readonly syncIntervalMs?: number;
  /** Whether `through()` begins to recover what dead processes have left. Default: true. */
  readonly recover?: boolean;
  /**
   * Whether it sees to the end of the process by itself: what is in flight at `process.exit()`, an
   * uncaught exception or the natural end says so when it is recovered, and what waits in the SDK's
   * queue is spilled. False where somebody else does that. Default: true.
   */
  readonly watchExit?: boolean;
}

/** The journal of this thread: what it has in flight and unsent, on disk. */
export interface Journal {
  /** The journal's own folder; undefined where it could not be opened, or was switched off. */
  readonly path: string | undefined;
  /**
   * The exporter to be given to the SDK in the place of `exporter`: what that acknowledges leaves the
   * journal. Begins the recovery, through the same exporter, in the background.
   */
  through<T>(exporter: SpanExporter<T>): SpanExporter<T>;
  /** Exports what dead processes have left. Resolves when all is done or given up for now. Never rejects. */
  recover<T>(exporter: SpanExporter<T>, options?: RecoveryOptions): Promise<RecoveryResult>;
  /** Takes down whole spans that have ended and will not be sent any more before the process goes. Returns how many. */
  spill(spans: readonly object[]): number;
  /** True if something is in it that was not acknowledged. */
  readonly isNeeded: boolean;
  /**
   * Closes the journal: if nothing is in it the folder goes, else it is left to the next start. What
   * begins later is not taken down. Never throws.
   */
  close(): void;
}
