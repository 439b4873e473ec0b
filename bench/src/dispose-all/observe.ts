import { agePresentObjects } from "../garbage.ts";
import type { Pipeline } from "../pipeline.ts";
import type { FleetSize } from "../sizes.ts";
import { median } from "../statistics.ts";
import type { Delivery, DeliveryCount } from "./delivery.ts";
import type { Fleet } from "./fleet.ts";
import { startHoldMeter } from "./hold-meter.ts";

/** What one disposal cost, and what became of its spans. */
export interface Observed extends Delivery {
  /** CPU time from the call until the last span was exported, in us a run. */
  readonly cpu: number;
  /** How long the event loop was held at most, in ms. */
  readonly hold: number;
  /** How long the caller was held before its own code went on, in ms. */
  readonly callerWait: number;
}

/** One way to have runs in flight, with a pipeline that is kept: code is compiled for its objects. */
export interface Side {
  readonly pipeline: Pipeline;
  readonly count: DeliveryCount;
  readonly createFleet: (runs: number, pipeline: Pipeline) => Fleet;
}

/** Has runs in flight, and disposes of them all. */
export const observeDisposal = async (
  { pipeline, count, createFleet }: Side,
  { runs, fleets }: Pick<FleetSize, "runs" | "fleets">,
): Promise<Observed> => {
  pipeline.register();
  const inFlight = Array.from({ length: fleets }, () => createFleet(runs, pipeline));
  agePresentObjects();

  const holds: number[] = [];
  const callerWaits: number[] = [];
  const before = process.cpuUsage();
  for (const fleet of inFlight) {
    const meter = startHoldMeter();
    const { callerWait } = await fleet.disposeAll();
    holds.push(meter.stop());
    callerWaits.push(callerWait);
    await pipeline.flush();
  }
  // Not the clock's time, because others on the machine have no part in this one; the collector's
  // threads have.
  const { user, system } = process.cpuUsage(before);
  return {
    cpu: (user + system) / (runs * fleets),
    hold: median(holds),
    callerWait: median(callerWaits),
    ...count.take(),
  };
};
