import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "../measure.ts";
import { type Course, coursesOf } from "./flatness.ts";
import { createLoad, type Load } from "./load.ts";
import { type SoakPipeline, startPipeline } from "./pipeline.ts";
import { startReceiverProcess } from "./receiver-process.ts";
import { type Sample, takeSample } from "./sample.ts";

/** What a long run came to: the form of `--json`. */
export interface SoakResult {
  readonly runs: number;
  readonly actions: number;
  readonly incidents: number;
  /** Spans that were acknowledged, and those that the exporter gave up. */
  readonly sent: number;
  readonly failed: number;
  /** Of wall clock and of the process's CPU, in seconds. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly courses: readonly Course[];
  readonly isFlat: boolean;
}

/** Begins and ends so many runs in this process. */
export const soak = async (runs: number, progress: Progress): Promise<SoakResult> => {
  const directory = mkdtempSync(join(tmpdir(), "soak-"));
  const receiver = await startReceiverProcess();
  const pipeline = startPipeline(receiver.url, directory);
  const load = createLoad();
  const began = performance.now();
  try {
    const samples = await run(runs, { load, pipeline, progress });
    load.finish();
    await pipeline.drained(0);
    const { user, system } = process.cpuUsage();
    const courses = coursesOf(samples);
    return {
      runs: load.runs,
      actions: load.actions,
      incidents: pipeline.incidents,
      sent: pipeline.sent,
      failed: pipeline.failed,
      seconds: Math.round((performance.now() - began) / 1000),
      cpuSeconds: Math.round((user + system) / 1e6),
      courses,
      isFlat: pipeline.failed === 0 && courses.every(({ isFlat }) => isFlat),
    };
  } finally {
    await pipeline.stop();
    receiver.stop();
    rmSync(directory, { recursive: true, force: true });
  }
};

interface Soaking {
  readonly load: Load;
  readonly pipeline: SoakPipeline;
  readonly progress: Progress;
}

const run = async (runs: number, { load, pipeline, progress }: Soaking) => {
  const samples: Sample[] = [];
  const each = runs / SAMPLES;
  while (load.runs < runs) {
    load.work(Math.min(RUNS_A_TURN, runs - load.runs));
    await pipeline.drained(MOST_UNSENT);
    if (load.runs < each * (samples.length + 1)) continue;
    // So that every sample sees the same: what is open, and nothing that waits to be sent.
    await pipeline.drained(0);
    const { journal } = pipeline;
    if (journal === undefined) throw new Error("the journal was switched off");
    const sample = takeSample(load.runs, journal);
    samples.push(sample);
    progress(textOf(sample));
  }
  return samples;
};

const SAMPLES = 40;
const RUNS_A_TURN = 250;
const MOST_UNSENT = 8_192;

const textOf = ({ runs, rss, heap, openRuns, journal, handles }: Sample): string =>
  `${runs} runs: ${mib(rss)} MiB resident, ${mib(heap)} MiB heap, ${openRuns} open, ${mib(journal)} MiB journal, ${handles} handles`;

const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
