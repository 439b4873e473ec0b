import type { LogClock } from "@otel-lifecycle/incidents";

/** A clock of its own: orders from 1, and ten milliseconds from one look at it to the next. */
export const tickingClock = (): LogClock => {
  let order = 0;
  let now = 0;
  return { order: () => (order += 1), now: () => (now += 10) };
};
