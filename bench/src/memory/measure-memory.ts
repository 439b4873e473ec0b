import { type Figure, figure, figureWithGoal } from "../figure.ts";
import type { Progress } from "../measure.ts";
import { ratioOf, takePairs } from "../pairs.ts";
import { createLifecyclePipeline, createPlainPipeline, LARGE_QUEUE } from "../pipeline.ts";
import type { MemorySizes } from "../sizes.ts";
import { median } from "../statistics.ts";
import { bytesOfOne } from "./bytes-of-one.ts";
import {
  openRoot,
  openRun,
  openRunWithSignal,
  openSpan,
  openSpanWithController,
} from "./open-work.ts";

/** What an open run holds, beside what an open span and its context hold. */
export const measureMemory = async (
  { open, rounds }: MemorySizes,
  progress: Progress,
): Promise<readonly Figure[]> => {
  const plain = createPlainPipeline({ maxQueueSize: LARGE_QUEUE });
  const lifecycle = createLifecyclePipeline({ maxQueueSize: LARGE_QUEUE });
  lifecycle.register();
  progress(`memory: ${open} open runs`);
  const runs = await takePairs(
    {
      ours: () => bytesOfOne(openRun(), lifecycle, open),
      plain: () => bytesOfOne(openSpan(plain.tracer), plain, open),
    },
    rounds,
  );
  progress(`memory: ${open} open runs whose signal was read`);
  const withSignals = await takePairs(
    {
      ours: () => bytesOfOne(openRunWithSignal(), lifecycle, open),
      plain: () => bytesOfOne(openSpanWithController(plain.tracer), plain, open),
    },
    rounds,
  );
  progress(`memory: ${open} open roots`);
  const roots = await takePairs(
    {
      ours: () => bytesOfOne(openRoot(lifecycle.tracer), lifecycle, open),
      plain: () => bytesOfOne(openRoot(plain.tracer), plain, open),
    },
    rounds,
  );
  return [
    figureWithGoal("open_run_memory_ratio", ratioOf(runs), "1", 1.25),
    figure("open_run_memory", median(runs.map((one) => one.ours)), "By"),
    figure("open_span_memory", median(runs.map((one) => one.plain)), "By"),
    figure("open_run_with_signal_memory_ratio", ratioOf(withSignals), "1"),
    figure("open_automatic_root_memory_ratio", ratioOf(roots), "1"),
    figure("open_automatic_root_memory", median(roots.map((one) => one.ours)), "By"),
    figure("open_root_memory", median(roots.map((one) => one.plain)), "By"),
  ];
};
