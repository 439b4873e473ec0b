import type { ToolEffect } from "@otel-lifecycle/api";
import type { Evidence, Omitted } from "../evidence.ts";
import { isOneOf, TOOL_EFFECTS } from "../sanitise/vocabulary.ts";

/** What was taken out, without where. */
export interface Omissions {
  add(evidence: Evidence): void;
  counts(): Omit<Omitted, "gaps">;
}

type Gap = Omitted["gaps"][number];

/** How many types are counted apart; further ones together, as `_other`. */
const MAX_TYPES = 64;
const EFFECTS = Object.keys(TOOL_EFFECTS).filter(isOneOf(TOOL_EFFECTS));

/** Counts what is taken out, beside what was before. */
export const createOmissions = (before: Omit<Omitted, "gaps">): Omissions => {
  let total = before.total;
  // A map, because a type may be called like something that every object has.
  const byType = new Map(Object.entries(before.byType));
  const effects = new Set<ToolEffect>(before.effects);
  return {
    add({ type, facts }) {
      total += 1;
      const counted = byType.has(type) || byType.size < MAX_TYPES ? type : "_other";
      byType.set(counted, (byType.get(counted) ?? 0) + 1);
      if (type.startsWith("tool_execution_") && facts.effect) effects.add(facts.effect);
    },
    counts: () => ({
      total,
      byType: Object.fromEntries(byType),
      effects: EFFECTS.filter((effect) => effects.has(effect)),
    }),
  };
};

/** Puts gaps behind the same place together, and leaves out those in which nothing is missing. */
export const mergeGaps = (gaps: readonly Gap[]): readonly Gap[] => {
  const merged = new Map<number | undefined, number>();
  for (const { after, count } of gaps) {
    if (count > 0) merged.set(after, (merged.get(after) ?? 0) + count);
  }
  return [...merged].map(([after, count]) => ({ after, count }));
};
