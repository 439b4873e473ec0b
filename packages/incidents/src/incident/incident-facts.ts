import type { ToolEffect } from "@otel-lifecycle/api";

/**
 * What had happened when the run broke off: of evidence up to the terminal one. Of the stream it
 * is the terminal attempt's, of tools the whole run's, because what a tool did stays done.
 */
export interface IncidentFacts {
  /** How many were begun. */
  readonly attempts: number;
  readonly terminal_attempt?: number;
  readonly stream: {
    /** Anything came at all, stream-lifecycle parts included. */
    readonly opened: boolean;
    /** The provider had begun to answer: text, reasoning, tool input or a call. */
    readonly progress: boolean;
    readonly text: boolean;
    readonly reasoning: boolean;
    readonly completed: boolean;
  };
  readonly tools: {
    /** Begun to be written by the model, and not finished. */
    readonly input_pending: number;
    /** Calls that stood whole and were never executed. */
    readonly not_executed: number;
    /** Were executing when the run broke off. */
    readonly running: number;
    /** Stopped while they were executing. */
    readonly interrupted: number;
    readonly completed: number;
    readonly failed: number;
  };
  readonly side_effects: {
    /** Of tools that were executed, or had begun to be, in the order of the type. */
    readonly happened: readonly ToolEffect[];
    /** Of calls that stood whole and were not executed. */
    readonly pending: readonly ToolEffect[];
    /** Whether it is known what the model could have called, and what each does. */
    readonly boundary: "classified" | "unclassified" | "unknown";
    readonly exposed?: number;
    /** Something was or could have been executed by the provider, out of our sight. */
    readonly provider_executed: boolean;
  };
  readonly finalizers: {
    readonly completed: number;
    readonly failed: number;
    /** Begun, and not ended when the run did. */
    readonly pending: number;
  };
  /** Whether the failure may go away by itself, where its kind, status or code says so. */
  readonly retryable?: boolean;
}
