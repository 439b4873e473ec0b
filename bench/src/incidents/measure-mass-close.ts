import { observeDisposal } from "../dispose-all/observe.ts";
import { createHandSide, createOurSide } from "../dispose-all/sides.ts";
import { type Figure, figure } from "../figure.ts";
import type { Progress } from "../measure.ts";
import { ratioOf, takePairs } from "../pairs.ts";
import { LARGE_QUEUE } from "../pipeline.ts";
import type { FleetSize, Sizes } from "../sizes.ts";
import { median } from "../statistics.ts";
import { recorded, telling } from "./recorded.ts";

/** A disposal of many runs, each of which gets an incident, beside the same by hand with none. */
export const measureMassClose = async (
  { recordedFleet, fleetWarmUp }: Pick<Sizes, "recordedFleet" | "fleetWarmUp">,
  progress: Progress,
): Promise<readonly Figure[]> => {
  const ours = createOurSide({ maxQueueSize: LARGE_QUEUE });
  const byHand = createHandSide({ maxQueueSize: LARGE_QUEUE });
  const without = (size: FleetSize) => observeDisposal(ours, size);
  const stamped = (size: FleetSize) => recorded({}, () => without(size));
  const told = (size: FleetSize) => recorded(telling, () => without(size));
  await takePairs({ ours: () => without(fleetWarmUp), plain: () => told(fleetWarmUp) }, WARM_UP);
  const figures: Figure[] = [];
  for (const [name, close] of Object.entries({ without, stamped, told })) {
    progress(`incidents: dispose_all over ${recordedFleet.runs} runs, ${name}`);
    const pairs = await takePairs(
      { ours: () => close(recordedFleet), plain: () => observeDisposal(byHand, recordedFleet) },
      recordedFleet.rounds,
    );
    const cpus = pairs.map((one) => ({ ours: one.ours.cpu, plain: one.plain.cpu }));
    const of = `incidents_dispose_all_${name}`;
    figures.push(
      figure(`${of}_cpu_ratio`, ratioOf(cpus), "1"),
      figure(`${of}_cpu_per_run`, median(cpus.map((one) => one.ours)), "us"),
      figure(`${of}_longest_hold`, median(pairs.map((one) => one.ours.hold)), "ms"),
    );
  }
  return figures;
};

const WARM_UP = { warmUp: 0, counted: 2 };
