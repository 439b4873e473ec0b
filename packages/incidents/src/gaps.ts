import type { Scene } from "./facts/scene.ts";
import type { GapCode } from "./incident/gap-code.ts";
import type { IncidentChain } from "./incident/incident-chain.ts";
import type { IncidentFacts } from "./incident/incident-facts.ts";
import { omittedOf } from "./story/omitted.ts";

/** What is missing to know more, in the order of the type. What the bound left out is no gap. */
export const gapsOf = (
  { story, tally: { lacks } }: Scene,
  facts: IncidentFacts,
  chain: IncidentChain,
): readonly GapCode[] => {
  const gaps: GapCode[] = [...chain.gaps];
  if (isBoundaryMissing(facts) && omittedOf(story, "side_effect_boundary") === 0) {
    gaps.push("side_effect.boundary_unknown");
  }
  if (story.isOrderMissing) gaps.push("evidence.ordering_missing");
  if (lacks.materialization > 0) gaps.push("tool.materialization_missing");
  if (lacks.start > 0) gaps.push("tool_execution.start_missing");
  if (lacks.inputStart > 0) gaps.push("tool_input.start_missing");
  return gaps;
};

// Before a provider was asked there was no model that could have called a tool.
const isBoundaryMissing = ({ side_effects, attempts, stream, tools }: IncidentFacts): boolean =>
  side_effects.boundary === "unknown" &&
  (attempts > 0 || stream.opened || Object.values(tools).some((count) => count > 0));
