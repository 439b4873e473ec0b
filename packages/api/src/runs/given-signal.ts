import { isWithin } from "../actions/cover.ts";
import { activeContext } from "../active-context.ts";
import type { Cause } from "../closes/cause.ts";
import { proofOf } from "../closes/error-proof.ts";
import { getAction } from "../lifecycle-context.ts";
import { nextNumber, now } from "../registry.ts";
import type { ManagedRun } from "./managed-run.ts";

/**
 * Why a signal of the application's fired: its reason says so, else the context in which it fired,
 * which is that of whoever aborted it; so an application's own controller that is aborted in the
 * code of an action is attributed without a change.
 */
export const causeOfSignal = (run: ManagedRun, { reason }: AbortSignal): Cause => {
  const initiation = { seq: nextNumber(), at: now(), via: "signal_reason", reason } as const;
  const proof = proofOf(reason);
  if (proof.type === "timeout") return { ...initiation, type: "timeout" };
  if (proof.type === "upstream_disconnect") {
    return { ...initiation, type: "upstream_disconnect", errorType: proof.errorType };
  }
  if (proof.type === "reason") {
    return proof.reason.type === "user_cancel"
      ? { ...initiation, type: "user_cancel" }
      : { ...initiation, type: "lifecycle_action", action: proof.reason.action };
  }
  const cell = getAction(activeContext());
  if (cell?.current === undefined || isWithin(run.begunIn, cell.ref)) {
    // The application passes on that its client went away, with no reason that says so.
    if (run.root?.exchange?.closedBy() === "client") {
      return { ...initiation, type: "client_disconnect", via: "response" };
    }
    return { ...initiation, type: "unknown_scope_close" };
  }
  return { ...initiation, type: "lifecycle_action", action: cell.ref, via: "context" };
};
