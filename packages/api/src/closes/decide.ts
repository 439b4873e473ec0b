import type { CloseConfidence, CloseVia } from "../attributes.ts";
import type { Cause } from "./cause.ts";
import type { ActionRef, Close } from "./close.ts";
import type { ErrorProof } from "./error-proof.ts";

/** What is known of a run when it ends. */
export interface Facts {
  /** It said that its work was done. */
  readonly isComplete: boolean;
  /** The earliest cause that stands. */
  readonly cause: Cause | undefined;
  /** What the error with which it ended proves; undefined if it ended without one. */
  readonly proof: ErrorProof | undefined;
  /** It was asked to stop, could know it, and was not the one who started what asks. */
  readonly heard: boolean;
  /** The number of the run, and of the runs around it: whom a reason may name. */
  readonly names: readonly number[];
  /** The action in whose code the run was ended, if it had begun outside. */
  readonly context: ActionRef | undefined;
  /** The client of the HTTP exchange around the run went away before the response was finished. */
  readonly disconnected: boolean;
}

/** Who closed the run: the one place where that is decided. The first cause wins. */
export const decide = (facts: Facts): Close => {
  const { cause, proof } = facts;
  if (facts.isComplete) return { type: "completed" };
  if (proof === undefined) {
    // Libraries swallow aborts: a run that was asked and returned is the asker's, if not surely.
    return cause === undefined || !facts.heard ? { type: "completed" } : closeOf(cause, "low");
  }
  return cause === undefined ? closeByProof(proof, facts) : closeByCause(cause, proof, facts);
};

const closeByCause = (cause: Cause, proof: ErrorProof, facts: Facts): Close => {
  if (cause.type === "lifecycle_action") {
    if (proof.type === "response_closed") return { ...closeOf(cause, "medium"), via: "response" };
    const carried = carriedAction(proof);
    if (carried?.action.id !== cause.action.id) return closeOf(cause, "medium", proof);
    return { ...closeOf(cause, confidenceOf(carried.run, facts), proof), via: "error" };
  }
  // It ended as one that was stopped does, or with what its cause says.
  const agrees = ["aborted", "reason", cause.type].includes(proof.type);
  return closeOf(cause, agrees ? "high" : "medium", proof);
};

// Nobody initiated anything that we saw: the error itself is the first cause.
const closeByProof = (proof: ErrorProof, facts: Facts): Close => {
  switch (proof.type) {
    case "reason": {
      const { errorType } = proof;
      if (proof.reason.type === "user_cancel") {
        return { type: "user_cancel", confidence: "high", via: "error", errorType };
      }
      const { action, run } = proof.reason;
      const confidence = confidenceOf(run, facts);
      return { type: "lifecycle_action", action, confidence, via: "error", errorType };
    }
    case "timeout":
    case "upstream_disconnect":
    case "error":
      return { type: proof.type, confidence: "high", via: "error", errorType: proof.errorType };
    case "response_closed":
      if (proof.by === "client") {
        return { type: "client_disconnect", confidence: "high", via: "response" };
      }
      return closeInContext(facts, "response", {});
    case "aborted":
      if (facts.context === undefined && facts.disconnected) {
        const ended = endedWith(proof);
        return { type: "client_disconnect", confidence: "medium", via: "response", ...ended };
      }
      return closeInContext(facts, "error", endedWith(proof));
  }
};

// It was ended by code that names nobody: the action's whose code that was, else nobody's.
const closeInContext = (
  { context }: Facts,
  via: "response" | "error",
  ended: { readonly errorType?: string },
): Exclude<Close, { type: "completed" }> => {
  if (context === undefined) return unknown(via, ended);
  return {
    type: "lifecycle_action",
    action: context,
    confidence: "medium",
    via: "context",
    ...ended,
  };
};

const closeOf = (
  cause: Cause,
  confidence: CloseConfidence,
  proof?: ErrorProof,
): Exclude<Close, { type: "completed" }> => {
  const { via } = cause;
  const ended = endedWith(proof);
  switch (cause.type) {
    case "lifecycle_action":
      return { type: cause.type, action: cause.action, confidence, via, ...ended };
    case "upstream_disconnect":
      return { type: cause.type, confidence, via, errorType: cause.errorType };
    case "user_cancel":
    case "client_disconnect":
    case "timeout":
      return { type: cause.type, confidence, via, ...ended };
    case "unknown_scope_close":
      return unknown(via, ended);
  }
};

const unknown = (via: CloseVia, ended: { readonly errorType?: string }) =>
  ({
    type: "unknown_scope_close",
    confidence: "low",
    via,
    missing: ["lifecycle.close_requested"],
    ...ended,
  }) as const;

const endedWith = (proof: ErrorProof | undefined): { readonly errorType?: string } =>
  proof?.errorType === undefined ? {} : { errorType: proof.errorType };

const carriedAction = (proof: ErrorProof) =>
  proof.type === "reason" && proof.reason.type === "lifecycle_action" ? proof.reason : undefined;

const confidenceOf = (named: number, { names }: Facts): CloseConfidence =>
  names.includes(named) ? "high" : "medium";
