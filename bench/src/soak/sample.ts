import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { lifecycleSnapshot } from "@otel-lifecycle/api";
import { collectGarbage } from "../garbage.ts";

/** What a process holds at a moment, after a collection of garbage. */
export interface Sample {
  /** Runs begun by then. */
  readonly runs: number;
  /** Resident memory, and the heap, in bytes. */
  readonly rss: number;
  readonly heap: number;
  /** Runs and actions that the registry holds. */
  readonly openRuns: number;
  readonly openActions: number;
  /** Bytes and segments of the journal. */
  readonly journal: number;
  readonly segments: number;
  /** Open file descriptors; 0 where the system does not say. */
  readonly handles: number;
}

export const takeSample = (runs: number, journal: string): Sample => {
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  const { runs: openRuns, actions: openActions } = lifecycleSnapshot();
  const sizes = segmentsOf(journal);
  return {
    runs,
    rss,
    heap: heapUsed,
    openRuns,
    openActions,
    journal: sizes.reduce((sum, size) => sum + size, 0),
    segments: sizes.length,
    handles: openHandles(),
  };
};

const segmentsOf = (journal: string): readonly number[] =>
  readdirSync(journal)
    .filter((name) => name.endsWith(".log"))
    .map((name) => statSync(join(journal, name)).size);

const openHandles = (): number => {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
};
