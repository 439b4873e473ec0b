import type { CloseClass } from "@otel-lifecycle/api";
import type { IncidentCause } from "../incident/cause.ts";
import type { Story } from "../story/story.ts";
import type { CauseRule, Found } from "./cause-rule.ts";
import { crashOrRestartIncomplete } from "./crash-or-restart-incomplete.ts";
import { localLifecycleClose } from "./local-lifecycle-close.ts";
import { providerApiError } from "./provider-api-error.ts";
import { providerTransportDisconnect } from "./provider-transport-disconnect.ts";
import { requestSetupFailure } from "./request-setup-failure.ts";
import { toolExecutionFailure } from "./tool-execution-failure.ts";
import { toolExecutionInterrupted } from "./tool-execution-interrupted.ts";
import { unknownInterruption } from "./unknown-interruption.ts";
import { userCancel } from "./user-cancel.ts";
import { watchdogTimeout } from "./watchdog-timeout.ts";

/** What broke the run off, and where in its evidence that is proven. */
export interface Decided extends Found {
  readonly cause: IncidentCause;
}

/**
 * What broke the run off: the one place where that is decided. The close was decided before, by
 * the first cause that was initiated, and its class says what may be asked here: an incident
 * refines a close and never contradicts it.
 */
export const decideCause = (story: Story): Decided => {
  for (const rules of BY_CLASS[story.end.class]) {
    const first = firstOf(rules, story);
    if (first !== undefined) return first;
  }
  // Not reached while each row ends with a rule that always finds.
  return { cause: "unknown_interruption", initiating: undefined, observed: undefined };
};

const FAILURES: readonly CauseRule[] = [
  providerApiError,
  requestSetupFailure,
  toolExecutionFailure,
  providerTransportDisconnect,
  watchdogTimeout,
];

/** In each row one after the other; of several in one bracket, what was initiated first. */
const BY_CLASS: Readonly<Record<CloseClass, readonly (readonly CauseRule[])[]>> = {
  lifecycle_action: [[localLifecycleClose]],
  user_cancel: [[userCancel]],
  client_disconnect: [[unknownInterruption]],
  timeout: [[watchdogTimeout]],
  upstream_disconnect: [[providerTransportDisconnect]],
  error: [FAILURES, [toolExecutionInterrupted], [unknownInterruption]],
  unknown_scope_close: [FAILURES, [toolExecutionInterrupted], [localLifecycleClose]],
  process_lost: [[crashOrRestartIncomplete]],
};

const firstOf = (rules: readonly CauseRule[], story: Story): Decided | undefined => {
  let first: Decided | undefined;
  for (const { cause, find } of rules) {
    const found = find(story);
    if (found === undefined) continue;
    if (first === undefined || placeOf(found) < placeOf(first)) first = { cause, ...found };
  }
  return first;
};

// What nobody recorded comes after all that was.
const placeOf = ({ initiating }: Found): number => initiating ?? Number.POSITIVE_INFINITY;
