import { createScope, type Run, type Scope, startAction, startRun } from "@otel-lifecycle/api";
import { agePresentObjects } from "../garbage.ts";
import type { Pipeline } from "../pipeline.ts";
import { RUN_NAME, SCOPES } from "./fleet.ts";
import { type HoldMeter, nextTurn, startHoldMeter } from "./hold-meter.ts";
import { instancesOf } from "./lifecycle-fleet.ts";

/** Runs that are ended in one turn while nobody watches. */
const RUNS_A_TURN = 500;

/**
 * How long what we do alone holds the event loop at most, in ms. The runs' listeners do nothing,
 * so nothing unwinds while they are asked; they are ended while nobody watches, and what the
 * action writes once the last has ended is watched again.
 */
export const ownHoldOf = async (count: number, pipeline: Pipeline): Promise<number> => {
  pipeline.register();
  const store = createScope({ kind: "instance_store" });
  const runs = openRuns(count, instancesOf(store));
  const last = runs.pop();

  const asking = await startMeter();
  const action = startAction({ kind: "dispose_all", scope: store, settleTimeoutMs: 120_000 });
  await action.asked;
  const askingHold = asking.stop();

  action.end();
  for (const [index, run] of runs.entries()) {
    run.fail(run.signal.reason);
    if (index % RUNS_A_TURN === 0) await nextTurn();
  }
  await pipeline.flush();

  const ending = await startMeter();
  last?.fail(last.signal.reason);
  await action.settled;
  return Math.max(askingHold, ending.stop());
};

const openRuns = (count: number, scopes: readonly Scope[]): Run[] =>
  Array.from({ length: count }, (_, index) => {
    const scope = scopes[index % SCOPES];
    const run = startRun({ name: RUN_NAME, ...(scope === undefined ? {} : { scope }) });
    run.signal.addEventListener("abort", nothing, { once: true });
    return run;
  });

const nothing = (): void => undefined;

const startMeter = async (): Promise<HoldMeter> => {
  agePresentObjects();
  await nextTurn();
  return startHoldMeter();
};
