import { median } from "../statistics.ts";
import { OPEN_RUNS } from "./load.ts";
import type { Sample } from "./sample.ts";

/** How one measure went. */
export interface Course {
  readonly name: Measure;
  /** Medians of the second and of the last quarter of the samples. */
  readonly second: number;
  readonly last: number;
  /** The most by which the last may be above the second. */
  readonly margin: number;
  readonly isFlat: boolean;
}

export type Measure = Exclude<keyof Sample, "runs">;

/**
 * Whether each measure is flat: in its last quarter no higher than in its second, within a margin.
 * The first quarter is left out, because code is still compiled and pools are filled.
 */
export const coursesOf = (samples: readonly Sample[]): readonly Course[] => {
  const quarter = Math.floor(samples.length / 4);
  const seconds = samples.slice(quarter, 2 * quarter);
  const lasts = samples.slice(-quarter);
  return (Object.keys(MARGINS) as Measure[]).map((name) => {
    const second = median(seconds.map((sample) => sample[name]));
    const last = median(lasts.map((sample) => sample[name]));
    const margin = MARGINS[name];
    return { name, second, last, margin, isFlat: last - second <= margin };
  });
};

const MIB = 1024 * 1024;

// From the middle of the second quarter to that of the last half of all runs go by, 2.5 of five
// million: a byte that each of them left would be 2.4 MiB of heap.
const MARGINS: Readonly<Record<Measure, number>> = {
  // The allocator gives back to the system when it likes: in five million runs it went up and down between 101 and 134 MiB.
  rss: 16 * MIB,
  heap: 2 * MIB,
  // How many are open depends on what was disposed of last; a leak of one in 10,000 is as many.
  openRuns: OPEN_RUNS,
  openActions: 0,
  // Between two cleanings it grows up to 4 MiB.
  journal: 4 * MIB,
  segments: 4,
  // The exporter's connection may be open or not.
  handles: 2,
};
