import type { Rounds } from "./pairs.ts";

/** How much is measured, and how often. */
export interface Sizes {
  readonly calls: CallSizes;
  readonly memory: MemorySizes;
  readonly log: LogSizes;
  readonly fleets: readonly FleetSize[];
  /** Disposed of with incidents recorded and without. */
  readonly recordedFleet: FleetSize;
  readonly recovery: RecoverySizes;
  /** Disposals before the first that counts, so that the smallest fleet meets compiled code too. */
  readonly fleetWarmUp: FleetSize;
  /** Pairs of processes that are started. */
  readonly startUp: Rounds;
}

export interface CallSizes {
  /** Calls measured in one go; their spans fit into the default queue of a batch processor. */
  readonly perBatch: number;
  /** So many that the collector ran several times in them. */
  readonly batches: number;
  readonly rounds: Rounds;
}

export interface MemorySizes {
  /** How many are open at a time. */
  readonly open: number;
  readonly rounds: Rounds;
}

export interface RecoverySizes {
  /** How many were open in the journal. */
  readonly runs: number;
  readonly rounds: Rounds;
}

export interface LogSizes {
  /** How often the same is said in one run: the text deltas of a long answer. */
  readonly repeats: number;
  /** Logs that are filled one after the other, for one measurement of memory. */
  readonly logs: number;
  readonly rounds: Rounds;
}

/** So many runs in flight, disposed of at once. */
export interface FleetSize {
  readonly runs: number;
  /** Fleets of that size that are disposed of one after the other, for one measurement. */
  readonly fleets: number;
  readonly rounds: Rounds;
}

export const FULL: Sizes = {
  calls: { perBatch: 1000, batches: 20, rounds: { warmUp: 2, counted: 30 } },
  memory: { open: 50_000, rounds: { warmUp: 1, counted: 3 } },
  log: { repeats: 20_000, logs: 400, rounds: { warmUp: 3, counted: 30 } },
  fleets: [
    { runs: 1000, fleets: 10, rounds: { warmUp: 1, counted: 7 } },
    { runs: 10_000, fleets: 1, rounds: { warmUp: 1, counted: 7 } },
    { runs: 100_000, fleets: 1, rounds: { warmUp: 0, counted: 3 } },
  ],
  recordedFleet: { runs: 20_000, fleets: 1, rounds: { warmUp: 1, counted: 5 } },
  recovery: { runs: 100_000, rounds: { warmUp: 1, counted: 5 } },
  fleetWarmUp: { runs: 10_000, fleets: 1, rounds: { warmUp: 2, counted: 2 } },
  startUp: { warmUp: 2, counted: 24 },
};

const ONCE: Rounds = { warmUp: 0, counted: 1 };

/** For the test that it runs at all. */
export const QUICK: Sizes = {
  calls: { perBatch: 10, batches: 1, rounds: ONCE },
  memory: { open: 100, rounds: ONCE },
  log: { repeats: 100, logs: 2, rounds: ONCE },
  fleets: [
    { runs: 10, fleets: 2, rounds: ONCE },
    { runs: 100, fleets: 1, rounds: ONCE },
  ],
  recordedFleet: { runs: 100, fleets: 1, rounds: ONCE },
  recovery: { runs: 100, rounds: ONCE },
  fleetWarmUp: { runs: 10, fleets: 1, rounds: ONCE },
  startUp: ONCE,
};
