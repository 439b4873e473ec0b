import { type Figure, figure } from "../figure.ts";
import type { Progress } from "../measure.ts";
import { takePairs } from "../pairs.ts";
import { LARGE_QUEUE } from "../pipeline.ts";
import type { FleetSize, Sizes } from "../sizes.ts";
import { median } from "../statistics.ts";
import { type FleetFigures, figuresOf } from "./fleet-figures.ts";
import { observeDisposal, type Side } from "./observe.ts";
import { ownHoldOf } from "./own-hold.ts";
import { createHandSide, createOurSide } from "./sides.ts";

/** A disposal of all that is in flight, beside the same by hand. */
export const measureDisposeAll = async (
  { fleets, fleetWarmUp }: Pick<Sizes, "fleets" | "fleetWarmUp">,
  progress: Progress,
): Promise<readonly Figure[]> => {
  const sides = createSides();
  progress("dispose_all: warm-up");
  await see(fleetWarmUp, sides);
  const figures: Figure[] = [];
  const cpus: number[] = [];
  for (const size of fleets) {
    progress(`dispose_all: ${size.runs} runs, beside the same by hand`);
    const seen = await see(size, sides);
    cpus.push(median(seen.pairs.map(({ ours }) => ours.cpu)));
    figures.push(...figuresOf(size.runs, seen));
  }
  const [first = Number.NaN, last = first] = [cpus.at(0), cpus.at(-1)];
  return [...figures, figure("dispose_all_cpu_growth", last / first, "1")];
};

interface Sides {
  readonly ours: Side;
  readonly byHand: Side;
  readonly oursWithDefaultQueue: Side;
  readonly byHandWithDefaultQueue: Side;
  /** The default queue before an exporter that takes its time, as one over a network does. */
  readonly oursWithSlowExporter: Side;
}

const SLOW_ANSWER_MS = 10;

// CPU time is taken with a large queue, because a span that is dropped costs less than one that
// is exported.
const createSides = (): Sides => ({
  ours: createOurSide({ maxQueueSize: LARGE_QUEUE }),
  byHand: createHandSide({ maxQueueSize: LARGE_QUEUE }),
  oursWithDefaultQueue: createOurSide(),
  byHandWithDefaultQueue: createHandSide(),
  oursWithSlowExporter: createOurSide({ answerMs: SLOW_ANSWER_MS }),
});

const see = async (size: FleetSize, sides: Sides): Promise<FleetFigures> => {
  const pairs = await takePairs(
    {
      ours: () => observeDisposal(sides.ours, size),
      plain: () => observeDisposal(sides.byHand, size),
    },
    size.rounds,
  );
  const ownHolds: number[] = [];
  for (const _ of pairs) ownHolds.push(await ownHoldOf(size.runs, sides.ours.pipeline));
  sides.ours.count.take();
  return {
    pairs,
    ownHolds,
    withDefaultQueue: {
      ours: await observeDisposal(sides.oursWithDefaultQueue, size),
      plain: await observeDisposal(sides.byHandWithDefaultQueue, size),
    },
    withSlowExporter: await observeDisposal(sides.oursWithSlowExporter, size),
  };
};
