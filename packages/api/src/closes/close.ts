import type { ActionTrigger, CloseConfidence, CloseVia, RunResult } from "../attributes.ts";

/** An action as it is seen from the runs that it closed, and across processes. */
export interface ActionRef {
  readonly id: ActionId;
  readonly kind: string;
  readonly trigger: ActionTrigger;
  /** The outermost action that this one is part of; its own id if there is none. */
  readonly rootId: ActionId;
  readonly parentId: ActionId | undefined;
  /**
   * The action in whose code this one was started, its parent or one that it was detached from;
   * none once that is over, so that actions that start one another make no chain.
   */
  begunIn: ActionRef | undefined;
  /** The runs in whose code it was started, by their numbers within the thread, innermost first. */
  readonly startedIn: readonly number[];
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** At most 64 characters of `a-z 0-9 _ -`, unique across processes, sortable by time. */
export type ActionId = string & { readonly __brand: "ActionId" };

/** What every close of a run that did not complete says. */
export interface Verdict {
  readonly confidence: CloseConfidence;
  /** The rail on which the proof was found. */
  readonly via: CloseVia;
  /** Name or code of the error with which the run ended, if it ended with one. */
  readonly errorType?: string;
}

/** How a run ended, decided once. */
export type Close =
  | { readonly type: "completed" }
  | (Verdict & { readonly type: "lifecycle_action"; readonly action: ActionRef })
  | (Verdict & { readonly type: "user_cancel" })
  | (Verdict & { readonly type: "client_disconnect" })
  | (Verdict & { readonly type: "timeout" })
  | (Verdict & { readonly type: "upstream_disconnect"; readonly errorType: string })
  | (Verdict & { readonly type: "error"; readonly errorType: string })
  | (Verdict & { readonly type: "unknown_scope_close"; readonly missing: readonly string[] })
  | (Verdict & { readonly type: "process_lost" });

/** Who closed a run is one question, how it ended another: the result that a close amounts to. */
export const resultOf = (
  close: Close,
  timeoutResult: "failed" | "interrupted" = "failed",
): RunResult => {
  switch (close.type) {
    case "completed":
      return "completed";
    case "lifecycle_action":
    case "user_cancel":
    case "client_disconnect":
    case "unknown_scope_close":
      return "interrupted";
    case "timeout":
      return timeoutResult;
    case "upstream_disconnect":
    case "error":
      return "failed";
    case "process_lost":
      return "lost";
  }
};
