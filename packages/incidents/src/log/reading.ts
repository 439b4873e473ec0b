import type { EvidenceFacts } from "@otel-lifecycle/api";
import type { Evidence, SafeFacts, SideEffectBoundary } from "../evidence.ts";
import { type GivenFacts, givenFacts } from "../sanitise/given-facts.ts";
import { isKindName } from "../sanitise/identifiers.ts";
import { REDACTED } from "../sanitise/name.ts";
import { MAX_ATTEMPT } from "../sanitise/numbers.ts";
import { createToolCalls } from "./tool-calls.ts";

/** Makes records of what is given, with what was said before. */
export interface Reading {
  /** A record without order and time. `changes`: what is given later means something else. */
  read(type: unknown, facts: EvidenceFacts | undefined): Read;
  /** A record was made elsewhere. */
  seen(record: Evidence): void;
}

interface Read {
  readonly record: Evidence;
  readonly given: GivenFacts;
  readonly changes: boolean;
}

export const createReading = (): Reading => {
  const calls = createToolCalls();
  let current = 0;
  let boundary: SideEffectBoundary | undefined;
  const seen = ({ type, attempt, facts }: Evidence): void => {
    if (type === "attempt_started") current = attempt;
    if (type === "side_effect_boundary") boundary = facts.boundary;
  };
  const callOf = (type: string, id: string | undefined): number | undefined => {
    if (id === undefined) return undefined;
    const number = calls.numberOf(id);
    if (ENDS.includes(type)) calls.end(id);
    return number;
  };
  return {
    seen,
    read(given, facts) {
      const type = isKindName(given) ? given : REDACTED;
      const safe = givenFacts(facts);
      const next = type === "attempt_started" ? Math.min(current + 1, MAX_ATTEMPT) : current;
      const toolCall = callOf(type, safe.toolCallId);
      const record: Evidence = {
        type,
        count: 1,
        source: safe.source ?? "application",
        attempt: safe.attempt ?? next,
        facts: {
          ...safe.facts,
          ...(toolCall !== undefined && { toolCall }),
          ...(type === "tool_execution_started" && exposedAs(safe.facts, boundary)),
        },
        redactions: type === given ? safe.redactions : [...safe.redactions, "type"].sort(),
      };
      seen(record);
      return { record, given: safe, changes: CHANGES.includes(type) };
    },
  };
};

const ENDS: readonly string[] = ["tool_execution_completed", "tool_execution_failed"];
const CHANGES: readonly string[] = ["attempt_started", "side_effect_boundary"];

/** What is not said of an execution is as its tool was exposed; an effect that is not known, unknown. */
const exposedAs = (facts: SafeFacts, boundary: SideEffectBoundary | undefined): SafeFacts => {
  const named = facts.tool === undefined || facts.tool === REDACTED ? undefined : facts.tool;
  const tool = boundary?.tools.find(({ name }) => name === named);
  const providerExecuted = facts.providerExecuted ?? tool?.providerExecuted;
  return {
    effect: facts.effect ?? tool?.effect ?? "unknown",
    ...(providerExecuted !== undefined && { providerExecuted }),
  };
};
