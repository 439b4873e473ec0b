import type { ToolEffect } from "@otel-lifecycle/api";
import type { SideEffectBoundary } from "../evidence.ts";
import type { IncidentFacts } from "../incident/incident-facts.ts";
import type { Call } from "../story/calls-at.ts";
import { isSeenBy, type Moment } from "../story/moment.ts";
import type { Story } from "../story/story.ts";
import { EFFECTS, inOrderOfType, type ToolTally } from "./tool-tally.ts";

/** What the tools of the run did outside, or may have done. */
export const sideEffectsOf = (
  story: Story,
  moment: Moment,
  { calls, tally }: { readonly calls: readonly Call[]; readonly tally: ToolTally },
): IncidentFacts["side_effects"] => {
  const boundaries = boundariesAt(story, moment);
  // The last: what the model may call may change from attempt to attempt.
  const boundary = boundaries[boundaries.length - 1];
  const happened = effectsOf(tally.executed, boundaries);
  for (const effect of story.omitted.effects) happened.add(known(effect));
  if (tally.unseen.executions > 0 && story.omitted.effects.length === 0) happened.add("unknown");
  const pending = effectsOf(tally.waiting, boundaries);
  if (tally.unseen.calls > 0) pending.add("unknown");
  return {
    happened: inOrderOfType(happened),
    pending: inOrderOfType(pending),
    boundary: classOf(boundary),
    ...(boundary === undefined ? undefined : { exposed: boundary.exposed }),
    provider_executed:
      calls.some(({ providerExecuted }) => providerExecuted) || boundaries.some(isOfProvider),
  };
};

const boundariesAt = ({ evidence }: Story, moment: Moment): readonly SideEffectBoundary[] => {
  const boundaries: SideEffectBoundary[] = [];
  for (const [index, one] of evidence.entries()) {
    const { boundary } = one.facts;
    if (boundary !== undefined && isSeenBy(one, index, moment)) boundaries.push(boundary);
  }
  return boundaries;
};

// Of any attempt, because what the provider may have done in an earlier one stays done.
const isOfProvider = ({ tools }: SideEffectBoundary): boolean =>
  tools.some(({ providerExecuted }) => providerExecuted);

const classOf = (
  boundary: SideEffectBoundary | undefined,
): IncidentFacts["side_effects"]["boundary"] => {
  if (boundary === undefined) return "unknown";
  const { exposed, tools } = boundary;
  const isClassified = tools.every(({ effect }) => known(effect) !== "unknown");
  return isClassified && exposed === tools.length ? "classified" : "unclassified";
};

const effectsOf = (
  calls: readonly Call[],
  boundaries: readonly SideEffectBoundary[],
): Set<ToolEffect> => {
  const all = new Set<ToolEffect>();
  for (const { effects, tool } of calls) {
    const told = effects.size > 0 ? effects : exposedAs(tool, boundaries);
    for (const effect of told) all.add(known(effect));
  }
  return all;
};

// Nobody says in which attempt it was called, so it may do what it may in any. Two whose names
// were withheld may be different ones.
const exposedAs = (
  tool: string | undefined,
  boundaries: readonly SideEffectBoundary[],
): ReadonlySet<ToolEffect> => {
  const effects = new Set<ToolEffect>();
  if (tool === undefined || tool === "redacted") return UNKNOWN;
  for (const { tools } of boundaries) {
    const exposed = tools.find(({ name }) => name === tool);
    if (exposed !== undefined) effects.add(exposed.effect);
  }
  return effects.size > 0 ? effects : UNKNOWN;
};

const UNKNOWN: ReadonlySet<ToolEffect> = new Set(["unknown"]);

const known = (effect: ToolEffect | undefined): ToolEffect =>
  effect !== undefined && EFFECTS.includes(effect) ? effect : "unknown";
