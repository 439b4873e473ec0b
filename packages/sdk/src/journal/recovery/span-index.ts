/** What is known of a span without its bodies; one bit each. */
export const BEGAN = 1;
/** It has ended: `E` or `F`. */
export const ENDED = 2;
/** Its own process had it acknowledged. */
export const ACKNOWLEDGED = 4;
/** A recovery had it acknowledged. */
export const TAKEN = 8;
/** It is an action's. */
export const ACTION = 16;
/** It is an action's whose cover never lapses. */
export const FINAL = 32;

/** Where a record lies. */
export interface Place {
  /** The place of its file in the list of segments. */
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
}

/** Where what belongs to a span is, in slots from 0 in the order in which spans were first met. */
export interface SpanIndex {
  /** How many slots there are. */
  readonly size: number;
  /** Takes down a fact of the span with this number; false once there are too many spans. */
  mark(n: number, fact: number): boolean;
  /** The same, and where a record of it lies. */
  add(n: number, fact: number, place: Place): boolean;
  factsAt(slot: number): number;
  numberAt(slot: number): number;
  /** Adds the places of its records, in no order. */
  eachPlace(slot: number, take: (place: Place) => void): void;
}

/** Beyond it a journal is not one of ours: 16 GiB hold no more spans. */
const MAX_SPANS = 2 ** 25;

/**
 * In columns, because a hundred thousand spans as objects would be ten times as large: 13 bytes a
 * span and 16 a record, up to twice that while the columns grow, and what the map takes for a
 * number.
 */
export const createSpanIndex = (): SpanIndex => {
  const slots = new Map<number, number>();
  let numbers = new Float64Array(START);
  let facts = new Uint8Array(START);
  let heads = new Int32Array(START);
  let size = 0;
  // Four columns in one: segment, offset, length, and the place before it plus one.
  let places = new Uint32Array(START * WIDTH);
  let placed = 0;

  const slotOf = (n: number): number | undefined => {
    const known = slots.get(n);
    if (known !== undefined || size === MAX_SPANS) return known;
    if (size === numbers.length) {
      numbers = grown(numbers, new Float64Array(size * 2));
      facts = grown(facts, new Uint8Array(size * 2));
      heads = grown(heads, new Int32Array(size * 2));
    }
    numbers[size] = n;
    slots.set(n, size);
    size += 1;
    return size - 1;
  };
  const mark = (n: number, fact: number): boolean => {
    const slot = slotOf(n);
    if (slot === undefined) return false;
    facts[slot] = (facts[slot] ?? 0) | fact;
    return true;
  };
  return {
    get size() {
      return size;
    },
    mark,
    add: (n, fact, { segment, offset, length }) => {
      if (!mark(n, fact)) return false;
      const slot = slots.get(n) ?? 0;
      if (placed * WIDTH === places.length) {
        places = grown(places, new Uint32Array(places.length * 2));
      }
      // One by one, because to set a list of four takes as long as to check a record.
      const at = placed * WIDTH;
      places[at] = segment;
      places[at + 1] = offset;
      places[at + 2] = length;
      places[at + 3] = heads[slot] ?? 0;
      placed += 1;
      heads[slot] = placed;
      return true;
    },
    factsAt: (slot) => facts[slot] ?? 0,
    numberAt: (slot) => numbers[slot] ?? 0,
    eachPlace: (slot, take) => {
      for (let at = heads[slot] ?? 0; at !== 0; at = places[(at - 1) * WIDTH + 3] ?? 0) {
        const from = (at - 1) * WIDTH;
        take({
          segment: places[from] ?? 0,
          offset: places[from + 1] ?? 0,
          length: places[from + 2] ?? 0,
        });
      }
    },
  };
};

const START = 1024;
const WIDTH = 4;

const grown = <T extends { set(from: T): void }>(from: T, into: T): T => {
  into.set(from);
  return into;
};
