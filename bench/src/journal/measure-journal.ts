import { cpuOfCalls } from "../calls/cpu-of-calls.ts";
import { run } from "../calls/workloads.ts";
import { countDelivery } from "../dispose-all/delivery.ts";
import { createLifecycleFleet } from "../dispose-all/lifecycle-fleet.ts";
import { observeDisposal } from "../dispose-all/observe.ts";
import { type Figure, figure, figureWithGoal } from "../figure.ts";
import type { Progress } from "../measure.ts";
import { bytesOfOne } from "../memory/bytes-of-one.ts";
import { openRun } from "../memory/open-work.ts";
import { type Pair, ratioOf, takePairs } from "../pairs.ts";
import { LARGE_QUEUE } from "../pipeline.ts";
import type { Sizes } from "../sizes.ts";
import { median } from "../statistics.ts";
import { createJournalledPipeline } from "./journalled.ts";
import { measureRecovery } from "./measure-recovery.ts";

/** What it costs that a journal is kept, beside the same without. */
export const measureJournal = async (
  sizes: Pick<Sizes, "calls" | "memory" | "recordedFleet" | "recovery">,
  progress: Progress,
): Promise<readonly Figure[]> => {
  const { calls, memory, recordedFleet, recovery } = sizes;
  const count = countDelivery();
  const pipeline = createJournalledPipeline({ maxQueueSize: LARGE_QUEUE, ...count.options });
  pipeline.register();
  const beside = <T>(step: () => Promise<T>): Pair<T> => ({
    ours: () => pipeline.journalled(step),
    plain: step,
  });

  progress("journal: a run");
  const work = { call: run(), pipeline };
  const runs = await takePairs(
    beside(() => cpuOfCalls(work, calls)),
    calls.rounds,
  );
  progress("journal: memory of open runs");
  const held = await takePairs(
    beside(() => bytesOfOne(openRun(), pipeline, memory.open)),
    memory.rounds,
  );
  progress(`journal: dispose_all over ${recordedFleet.runs} runs`);
  const side = { pipeline, count, createFleet: createLifecycleFleet };
  const closes = await takePairs(
    beside(() => observeDisposal(side, recordedFleet)),
    recordedFleet.rounds,
  );
  progress(`journal: recovery of ${recovery.runs} runs`);
  const recovered = await measureRecovery(pipeline, recovery);
  const cpus = closes.map(({ ours, plain }) => ({ ours: ours.cpu, plain: plain.cpu }));
  return [
    figureWithGoal(
      "journal_begin_and_end",
      median(runs.map((one) => one.ours - one.plain)),
      "us",
      6,
    ),
    figure("journal_run_ratio", ratioOf(runs), "1"),
    figure("journal_run", median(runs.map((one) => one.ours)), "us"),
    figure("without_journal_run", median(runs.map((one) => one.plain)), "us"),
    figure("journal_open_run_memory", median(held.map((one) => one.ours - one.plain)), "By"),
    figure("journal_dispose_all_cpu_ratio", ratioOf(cpus), "1"),
    figure("journal_dispose_all_cpu_per_run", median(cpus.map((one) => one.ours)), "us"),
    figure("journal_dispose_all_longest_hold", median(closes.map((one) => one.ours.hold)), "ms"),
    ...recovered,
  ];
};
