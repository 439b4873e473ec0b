import { createScope, type Run, startRun } from "@otel-lifecycle/api";
import { cpuOfCalls } from "../calls/cpu-of-calls.ts";
import { type Figure, figure, figureWithGoal } from "../figure.ts";
import type { Progress } from "../measure.ts";
import { bytesOfOne } from "../memory/bytes-of-one.ts";
import { openRun } from "../memory/open-work.ts";
import { ratioOf, takePairs } from "../pairs.ts";
import { createLifecyclePipeline, LARGE_QUEUE } from "../pipeline.ts";
import type { Sizes } from "../sizes.ts";
import { median } from "../statistics.ts";
import { recorded } from "./recorded.ts";

/** One run, and what is said of it, with and without incidents. */
export const measureRecordedRuns = async (
  { calls, memory, log }: Pick<Sizes, "calls" | "memory" | "log">,
  progress: Progress,
): Promise<readonly Figure[]> => {
  const pipeline = createLifecyclePipeline({ maxQueueSize: LARGE_QUEUE });
  pipeline.register();
  const figures: Figure[] = [];
  for (const [name, call] of Object.entries(runs())) {
    progress(`incidents: runs, ${name}`);
    const work = () => cpuOfCalls({ call, pipeline }, calls);
    const pairs = await takePairs({ ours: () => recorded({}, work), plain: work }, log.rounds);
    figures.push(
      figure(`incidents_${name}_run_ratio`, ratioOf(pairs), "1"),
      figure(`incidents_${name}_run`, median(pairs.map((one) => one.ours)), "us"),
      figure(`without_incidents_${name}_run`, median(pairs.map((one) => one.plain)), "us"),
    );
  }
  progress("incidents: memory of open runs");
  const bytes = () => bytesOfOne(openRun(), pipeline, memory.open);
  const held = await takePairs({ ours: () => recorded({}, bytes), plain: bytes }, memory.rounds);
  const more = median(held.map(({ ours, plain }) => ours - plain));
  const repeat = await recorded({}, () => repeatsOf(log.repeats, log.rounds.counted));
  return [
    ...figures,
    figure("incidents_open_run_memory", more, "By"),
    figureWithGoal("incidents_repeat", repeat, "us", 0.15),
  ];
};

const FACTS = { source: "provider_stream", tool: "read_file", toolCallId: "call_1" };
const EVIDENCE_CALLS = 20;

const runs = (): Readonly<Record<string, () => void>> => {
  const scope = createScope({ kind: "instance", key: "bench" });
  const begin = (): Run => startRun({ name: "agent run", scope });
  const error = new Error("broke");
  return {
    completed: () => begin().end(),
    failed: () => begin().fail(error),
    telling: () => {
      const run = begin();
      run.evidence("attempt_started");
      for (let said = 1; said < EVIDENCE_CALLS; said += 1)
        run.evidence("text_output_started", FACTS);
      run.end();
    },
  };
};

/** Microseconds of CPU time of saying the same once more of a run, with the same facts. */
const repeatsOf = (repeats: number, rounds: number): number => {
  const run = startRun({ name: "agent run" });
  const times = Array.from({ length: rounds }, () => {
    const began = process.cpuUsage();
    for (let said = 0; said < repeats; said += 1) run.evidence("text_output_started", FACTS);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / repeats;
  });
  run.end();
  return median(times);
};
