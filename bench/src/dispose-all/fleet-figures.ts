import { type Figure, figure, figureWithGoal } from "../figure.ts";
import { ratioOf, type Taken } from "../pairs.ts";
import { median } from "../statistics.ts";
import type { Observed } from "./observe.ts";

/** What was observed of disposals of one size. */
export interface FleetFigures {
  readonly pairs: readonly Taken<Observed>[];
  /** How long what we do alone held the event loop, in ms, as often. */
  readonly ownHolds: readonly number[];
  readonly withDefaultQueue: Taken<Observed>;
  readonly withSlowExporter: Observed;
}

export const figuresOf = (
  runs: number,
  { pairs, ownHolds, withDefaultQueue, withSlowExporter }: FleetFigures,
): readonly Figure[] => {
  const name = `dispose_all_${runs}`;
  const middle = (read: (one: Taken<Observed>) => number): number => median(pairs.map(read));
  const cpuRatio = ratioOf(pairs.map(({ ours, plain }) => ({ ours: ours.cpu, plain: plain.cpu })));
  return [
    figureWithGoal(`${name}_cpu_ratio`, cpuRatio, "1", 1.25),
    figure(
      `${name}_cpu_per_run`,
      middle((one) => one.ours.cpu),
      "us",
    ),
    figure(
      `${name}_by_hand_cpu_per_run`,
      middle((one) => one.plain.cpu),
      "us",
    ),
    figureWithGoal(`${name}_longest_hold`, median(ownHolds), "ms", 10),
    figure(
      `${name}_longest_hold_with_runs`,
      middle((one) => one.ours.hold),
      "ms",
    ),
    figure(
      `${name}_by_hand_longest_hold`,
      middle((one) => one.plain.hold),
      "ms",
    ),
    figureWithGoal(
      `${name}_caller_wait`,
      middle((one) => one.ours.callerWait),
      "ms",
      10,
    ),
    figure(
      `${name}_by_hand_caller_wait`,
      middle((one) => one.plain.callerWait),
      "ms",
    ),
    figure(`${name}_exported_default_queue`, withDefaultQueue.ours.share, "1"),
    figure(`${name}_action_exported_default_queue`, withDefaultQueue.ours.action, "1"),
    figure(`${name}_by_hand_exported_default_queue`, withDefaultQueue.plain.share, "1"),
    figure(`${name}_by_hand_action_exported_default_queue`, withDefaultQueue.plain.action, "1"),
    figure(`${name}_exported_slow_exporter`, withSlowExporter.share, "1"),
    figure(
      `${name}_exported_large_queue`,
      middle((one) => one.ours.share),
      "1",
    ),
  ];
};
