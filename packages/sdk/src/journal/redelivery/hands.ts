/**
 * In whose hands the spans are that have ended and that the ordinary way did not deliver. What it
 * holds is a number a span; a span is in the hands of one at a time, so that none goes out twice.
 */
export interface Hands {
  /** Those that nobody sends, the longest here first. */
  readonly stranded: ReadonlySet<number>;
  /** True if no span is here in any way. */
  readonly areEmpty: boolean;
  /** The ordinary way has failed this one, or never took it. */
  strand(n: number): void;
  /** The ordinary way has it after all. False if it is on its way from here, or was delivered. */
  admit(n: number): boolean;
  /** Those of the stranded among `numbers`, which are on their way from here on. */
  take(numbers: readonly number[]): readonly number[];
  /** They were not delivered: stranded again, behind the others. */
  putBack(numbers: readonly number[]): void;
  /** They were delivered, or are not to be tried again. */
  deliver(numbers: readonly number[]): void;
  /** They are not in the journal any more. */
  forget(numbers: Iterable<number>): void;
}

export const createHands = (): Hands => {
  const stranded = new Set<number>();
  const underWay = new Set<number>();
  const delivered = new Set<number>();
  const move = (numbers: readonly number[], to: Set<number>): void => {
    for (const n of numbers) if (underWay.delete(n)) to.add(n);
  };
  return {
    stranded,
    get areEmpty() {
      return stranded.size + underWay.size + delivered.size === 0;
    },
    strand: (n) => {
      if (!underWay.has(n) && !delivered.has(n)) stranded.add(n);
    },
    admit: (n) => {
      stranded.delete(n);
      return !underWay.has(n) && !delivered.has(n);
    },
    take: (numbers) => {
      const taken = numbers.filter((n) => stranded.delete(n));
      for (const n of taken) underWay.add(n);
      return taken;
    },
    putBack: (numbers) => move(numbers, stranded),
    deliver: (numbers) => {
      move(numbers, delivered);
      // Only what still stands in a queue can come back, and the oldest is the least likely to.
      for (const n of delivered) {
        if (delivered.size <= MAX_DELIVERED) return;
        delivered.delete(n);
      }
    },
    forget: (numbers) => {
      for (const n of numbers) stranded.delete(n);
    },
  };
};

/** How many delivered spans are remembered, in case the ordinary way comes with one of them later. */
const MAX_DELIVERED = 16_384;
