import { lifecycleSnapshot } from "@otel-lifecycle/api";

/** What is bounded or dropped while `step` runs, by what it is. */
export function boundedBy(step: () => unknown): Readonly<Record<string, number>> {
  const { bounded: before } = lifecycleSnapshot();
  step();
  const added = Object.entries(lifecycleSnapshot().bounded).map(
    ([what, count]) => [what, count - (before[what] ?? 0)] as const,
  );
  return Object.fromEntries(added.filter(([, count]) => count > 0));
}
