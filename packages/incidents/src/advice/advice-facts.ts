import type { ToolEffect } from "@otel-lifecycle/api";
import type { IncidentCause } from "../incident/cause.ts";
import type { GapCode } from "../incident/gap-code.ts";
import type { Told } from "../told.ts";

// What the rows of the table ask. Where a fact may be missing, each answers for the worse.

/** A tool ran, or had begun to; what it did stays done. */
export const toolRan = ({ cause, facts: { tools, side_effects } }: Told): boolean =>
  tools.running + tools.interrupted + tools.completed + tools.failed > 0 ||
  side_effects.happened.length > 0 ||
  BY_A_TOOL.has(cause);

/** A tool was stopped in the middle of what it did, or may still be at it. */
export const toolBrokenOff = ({ cause, facts: { tools } }: Told): boolean =>
  tools.running + tools.interrupted > 0 || cause === "tool_execution_interrupted";

/** Something was changed outside the run, or may have been. `unknown` is not counted here. */
export const isUnsafe = (effect: ToolEffect): boolean =>
  effect !== "read_only" && effect !== "unknown";

/** All that ran is known to only read, and to have come to its end. */
export const onlyReads = (told: Told): boolean => {
  const { tools, side_effects } = told.facts;
  return (
    !toolBrokenOff(told) &&
    !BY_A_TOOL.has(told.cause) &&
    tools.failed === 0 &&
    tools.completed > 0 &&
    side_effects.boundary === "classified" &&
    isKnownToRead(side_effects.happened)
  );
};

/** A list of effects that says nothing proves nothing. */
export const isKnownToRead = (effects: readonly ToolEffect[]): boolean =>
  effects.length > 0 && effects.every((effect) => effect === "read_only");

/** Something of what tools did is missing from the evidence. */
export const holdsGaps = ({ gaps }: Told): boolean => gaps.some((gap) => OF_TOOLS.has(gap));

/**
 * Nobody told of an attempt or a stream: that no text was seen does not say that there was none.
 * A request that could not be made was before either.
 */
export const isUnobserved = ({ cause, facts: { attempts, stream } }: Told): boolean =>
  cause !== "request_setup_failure" && attempts === 0 && !stream.opened;

/** What broke may go away by itself. A connection does, until something says otherwise; not a deadline. */
export const mayGoAway = ({ cause, facts: { retryable } }: Told): boolean =>
  retryable === true
    ? BY_A_PROVIDER.has(cause)
    : retryable === undefined && cause === "provider_transport_disconnect";

/** Something says that what broke would break again. */
export const wouldBreakAgain = ({ cause, facts: { retryable } }: Told): boolean =>
  retryable === false && BY_A_PROVIDER.has(cause);

const BY_A_TOOL: ReadonlySet<IncidentCause> = new Set([
  "tool_execution_failure",
  "tool_execution_interrupted",
]);

const BY_A_PROVIDER: ReadonlySet<IncidentCause> = new Set([
  "provider_transport_disconnect",
  "watchdog_timeout",
  "provider_api_error",
  "request_setup_failure",
]);

const OF_TOOLS: ReadonlySet<GapCode> = new Set([
  "evidence.ordering_missing",
  "tool.materialization_missing",
  "tool_execution.start_missing",
  "tool_input.start_missing",
]);
