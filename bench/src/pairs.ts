import { median } from "./statistics.ts";

/** Two ways to do the same; each does some of it and gives what was measured of that. */
export interface Pair<T> {
  readonly ours: () => T | Promise<T>;
  readonly plain: () => T | Promise<T>;
}

/** What was measured of both, one beside the other. */
export interface Taken<T> {
  readonly ours: T;
  readonly plain: T;
}

export interface Rounds {
  /** Rounds that are not counted: the code is compiled in them. */
  readonly warmUp: number;
  readonly counted: number;
}

/**
 * Does both in turn, so that what else the machine does hits neighbours alike. The order changes,
 * because the second of a pair may pay for the garbage of the first.
 */
export const takePairs = async <T>(
  pair: Pair<T>,
  { warmUp, counted }: Rounds,
): Promise<readonly Taken<T>[]> => {
  const taken: Taken<T>[] = [];
  for (let round = 0; round < warmUp + counted; round += 1) {
    const one = await (round % 2 === 0 ? oursFirst(pair) : plainFirst(pair));
    if (round >= warmUp) taken.push(one);
  }
  return taken;
};

/** The median of the ratios of neighbours: what hits only one of a pair does not count. */
export const ratioOf = (taken: readonly Taken<number>[]): number =>
  median(taken.map(({ ours, plain }) => ours / plain));

const oursFirst = async <T>(pair: Pair<T>): Promise<Taken<T>> => {
  const ours = await pair.ours();
  return { ours, plain: await pair.plain() };
};

const plainFirst = async <T>(pair: Pair<T>): Promise<Taken<T>> => {
  const plain = await pair.plain();
  return { ours: await pair.ours(), plain };
};
