import type { Manner } from "./driver/receiver.ts";
import { createRandom, type Random, seedOf } from "./random.ts";
import type { LoadSettings } from "./server/settings.ts";

/** When a server is killed. */
export type EndPlan =
  /** So long after it was set up: in the midst of whatever it does. */
  | { readonly at: "time"; readonly afterMs: number }
  /** When it has told so many bytes of what it does: however fast the machine is. */
  | { readonly at: "progress"; readonly bytes: number }
  /** At the so manieth request that it sends. */
  | { readonly at: "request"; readonly count: number }
  /** At the so manieth change among its files: it takes over, rotates, cleans. */
  | { readonly at: "files"; readonly count: number }
  /** So long after a SIGTERM, unless it was faster. */
  | { readonly at: "shutdown"; readonly afterMs: number; readonly thenMs: number }
  /** Not at all: it leaves by `process.exit()` or an error that nobody catches. */
  | { readonly at: "itself" };

/** A server that is started and does not live long. */
export interface ServerPlan {
  readonly seed: number;
  /** Undefined where it only recovers. */
  readonly load: LoadSettings | undefined;
  readonly end: EndPlan;
}

/** Servers that are started at once, and the receiver's manner meanwhile. */
export interface StagePlan {
  readonly manner: Manner;
  readonly servers: readonly ServerPlan[];
}

/** A trial: stages, then a start that is left alone. */
export interface TrialPlan {
  readonly trial: number;
  readonly seed: number;
  readonly stages: readonly StagePlan[];
}

/** The plan of a trial, which follows from the seed; how far each server gets does not. */
export const planOf = (seed: number, trial: number): TrialPlan => {
  const own = seedOf(seed, trial);
  const random = createRandom(own);
  const stages: StagePlan[] = [firstStage(random)];
  const more = random.pick([0, 0, 1, 1, 1, 2, 2, 3, 4]);
  for (let index = 0; index < more; index += 1) stages.push(laterStage(random));
  return { trial, seed: own, stages };
};

const firstStage = (random: Random): StagePlan => ({
  manner: random.pick(["well", "well", "slow", "mixed", "mixed", "refuses", "swallows", "resets"]),
  servers: several(random.chance(0.15) ? 2 : 1, () => loaded(random)),
});

// What the dead left is in their way: one that recovers, or several, some with a load of their own.
const laterStage = (random: Random): StagePlan => ({
  manner: random.pick(["well", "well", "slow", "slow", "mixed", "swallows", "resets"]),
  servers: several(random.pick([1, 1, 2, 2, 3]), () =>
    random.chance(0.3) ? loaded(random) : recovering(random),
  ),
});

const loaded = (random: Random): ServerPlan => {
  const way = random.next();
  const ownEnd =
    way < 0.1
      ? { by: random.pick(["exit", "throw"] as const), afterMs: random.between(30, 300) }
      : undefined;
  return {
    seed: random.between(1, 2 ** 31),
    load: loadOf(random, ownEnd),
    end: ownEnd === undefined ? endOfLoad(random) : { at: "itself" },
  };
};

const loadOf = (random: Random, ownEnd: LoadSettings["ownEnd"]): LoadSettings => ({
  steps: random.between(4, 20),
  everyMs: random.pick([1, 2, 5]),
  standing: random.pick([0, 5, 30, 100, 400]),
  pad: random.pick([0, 500, 4_000, 12_000]),
  actions: random.pick([0, 0.005, 0.02]),
  ownEnd,
});

const endOfLoad = (random: Random): EndPlan => {
  const way = random.next();
  // The most of them are several batches of a recovery, between which it can be killed.
  const bytes = random.pick([20_000, 100_000, 300_000, 1_200_000]);
  if (way < 0.45) return { at: "progress", bytes: random.between(1_000, bytes) };
  if (way < 0.55) return { at: "request", count: random.between(1, 12) };
  if (way < 0.75) return { at: "files", count: random.between(1, 12) };
  return { at: "shutdown", afterMs: random.between(20, 300), thenMs: random.between(0, 60) };
};

const recovering = (random: Random): ServerPlan => {
  const way = random.next();
  const end: EndPlan =
    way < 0.4
      ? { at: "time", afterMs: random.between(0, 60) }
      : way < 0.75
        ? { at: "request", count: random.between(1, 4) }
        : way < 0.9
          ? { at: "files", count: random.between(1, 5) }
          : { at: "shutdown", afterMs: random.between(0, 40), thenMs: random.between(0, 30) };
  return { seed: random.between(1, 2 ** 31), load: undefined, end };
};

const several = <T>(count: number, make: () => T): readonly T[] =>
  Array.from({ length: count }, make);
