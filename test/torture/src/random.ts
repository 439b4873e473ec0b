/** Numbers that look random and follow from a seed (mulberry32). */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from `low` to `high`, both of them possible. */
  between(low: number, high: number): number;
  /** True as often as `probability` says, from 0 to 1. */
  chance(probability: number): boolean;
  /** One of them; they are not empty. */
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** The same seed gives the same numbers, on every machine. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
  };
};

/** A seed for one part of what another seed stands for. */
export const seedOf = (seed: number, part: number): number =>
  Math.floor(createRandom(seed ^ Math.imul(part + 1, 0x9e3779b1)).next() * 2 ** 32);
