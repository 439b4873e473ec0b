import type { KnownEvidenceType } from "@otel-lifecycle/api";
import { isOneOf, KNOWN_TYPES } from "../sanitise/vocabulary.ts";

/** What a type of evidence is to the bound. */
export interface Traits {
  /** One bit for each known type; 0 for the application's own. */
  readonly bit: number;
  /** It may have broken the run off. */
  readonly isFailure: boolean;
  /** It may be what the run ended with. */
  readonly isTerminal: boolean;
  readonly isCleanUp: boolean;
  /** The last attempt's phase follows from it, or it broke that attempt. */
  readonly isOfAttempt: boolean;
}

/** The traits of a type; all own types of an application have the same. */
export const traitsOf = (type: string): Traits => (isKnownType(type) ? KNOWN[type] : OWN);

const isKnownType = isOneOf(KNOWN_TYPES);

const FAILURES: readonly string[] = [
  "transport_failure",
  "provider_error",
  "watchdog_fired",
  "request_setup_failed",
  "tool_execution_failed",
];
const TERMINALS: readonly string[] = [
  ...FAILURES,
  "close_requested",
  "close_propagated",
  "run_ended",
];
const CLEAN_UP: readonly string[] = [
  "finalizer_started",
  "finalizer_completed",
  "finalizer_failed",
  "pending_tool_interrupted",
];
const OF_ATTEMPT: readonly string[] = [
  "attempt_started",
  "stream_opened",
  "provider_progress",
  "text_output_started",
  "reasoning_output_started",
  "stream_completed",
  "tool_input_started",
  "tool_input_completed",
  "tool_call_materialized",
  "transport_failure",
  "provider_error",
  "watchdog_fired",
  "request_setup_failed",
];

const OWN: Traits = {
  bit: 0,
  isFailure: false,
  isTerminal: false,
  isCleanUp: false,
  isOfAttempt: false,
};

// Made once: the bound asks for every record whenever it takes one out.
const KNOWN = Object.fromEntries(
  Object.keys(KNOWN_TYPES).map((type, index) => [
    type,
    {
      bit: 1 << index,
      isFailure: FAILURES.includes(type),
      isTerminal: TERMINALS.includes(type),
      isCleanUp: CLEAN_UP.includes(type),
      isOfAttempt: OF_ATTEMPT.includes(type),
    },
  ]),
  // Of each known type there is one, because the keys are theirs.
) as Readonly<Record<KnownEvidenceType, Traits>>;
