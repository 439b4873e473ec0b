import type { ActionRef, Close } from "@otel-lifecycle/api";
import { type Cause, type ManagedRun, registry } from "@otel-lifecycle/api/internal";
import { type OwnFacts, requestFacts, type SafeFacts } from "@otel-lifecycle/incidents";
import { actionChain, type LifecycleCause } from "./action-facts.ts";
import type { LifecycleFact } from "./lifecycle-fact.ts";

/** What may end a run, at its own place and time. */
export const requestedBy = (cause: Cause): LifecycleFact => ({
  type: "close_requested",
  told: requestOf(cause),
  order: cause.seq,
  at: cause.at,
});

/** That the run was told to stop, if it could hear that. */
export const propagatedTo = (run: ManagedRun): LifecycleFact | undefined => {
  const { asked, askedAt, controller } = run;
  // A signal of the application's own is heard without ours.
  if (asked === undefined || (controller === undefined && !("reason" in asked))) return undefined;
  // Telling takes no number of its own, and follows from what took that one.
  return { type: "close_propagated", told: requestOf(asked), order: asked.seq, at: askedAt };
};

/** Who closed the run, where the close names somebody. */
export const closedBy = (run: ManagedRun, close: Close): LifecycleFact | undefined => {
  const told = closingOf(close);
  return told && { type: "close_requested", told, ...momentOf(run, close) };
};

/** True if both ask for the same. */
export const isSameRequest = ({ close: one }: SafeFacts, { close: other }: SafeFacts): boolean =>
  one?.class === other?.class && one?.actions[0]?.id === other?.actions[0]?.id;

const requestOf = (cause: Cause): OwnFacts =>
  cause.type === "lifecycle_action" ? requestOfAction(cause) : BY_CLASS[cause.type];

const closingOf = (close: Close): OwnFacts | undefined => {
  switch (close.type) {
    case "lifecycle_action":
      return requestOfAction(close);
    case "user_cancel":
    case "client_disconnect":
      return BY_CLASS[close.type];
    case "timeout":
      // Any other timeout is in the error with which the run ended.
      return close.via === "deadline" ? BY_CLASS.timeout : undefined;
    default:
      return undefined;
  }
};

const requestOfAction = (cause: LifecycleCause): OwnFacts => {
  const known = requests.get(cause.action);
  if (known !== undefined) return known;
  const told = requestFacts({ class: "lifecycle_action", actions: actionChain(cause) });
  requests.set(cause.action, told);
  return told;
};

// A mass close asks for the same one with each run.
const requests = new WeakMap<ActionRef, OwnFacts>();

const BY_CLASS = {
  user_cancel: requestFacts({ class: "user_cancel", actions: [] }),
  client_disconnect: requestFacts({ class: "client_disconnect", actions: [] }),
  timeout: requestFacts({ class: "timeout", actions: [] }),
  upstream_disconnect: requestFacts({ class: "upstream_disconnect", actions: [] }),
  unknown_scope_close: requestFacts({ class: "unknown_scope_close", actions: [] }),
};

// When the action began, or when the deadline was due; of others nobody knows.
const momentOf = (run: ManagedRun, close: Close): Pick<LifecycleFact, "order" | "at"> => {
  if (close.type === "timeout") return run.due === undefined ? {} : { at: run.due };
  if (close.type !== "lifecycle_action") return {};
  const cover = registry.actions.get(close.action.id)?.cover;
  return cover === undefined ? {} : { order: cover.seq, at: cover.at };
};
