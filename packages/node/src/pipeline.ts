import type { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";

/** What the watch over the process's end needs of the pipeline, its own or someone else's. */
export interface Pipeline {
  /** Ours, as it stands in the provider's list; undefined where no span processor can run. */
  readonly processor: LifecycleSpanProcessor | undefined;
  /** Sends what has ended. Resolves when it was acknowledged or could not be sent, or after `limitMs`; never rejects. */
  flush(limitMs: number): Promise<void>;
  /**
   * Sends what has ended and was not acknowledged before it returns, within `limitMs`: for
   * `process.exit()` and uncaught exceptions. False if that could not be done.
   */
  flushSync(limitMs: number): boolean;
  /** Spans that have ended and were not acknowledged; undefined where nobody can tell. */
  readonly unsent: number | undefined;
  /** Spans that were given up so far; undefined where nobody can tell. */
  readonly failed: number | undefined;
}
