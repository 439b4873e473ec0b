import { now } from "../registry.ts";

/**
 * How long a turn of ours holds the event loop, in ms. What a turn sets off in the application and
 * the SDK (runs that unwind, spans that end) comes on top of it, before the next one.
 */
const TURN_MS = 3;

/** Asking for the time costs, so it is asked for once in so many items. */
const ITEMS_BETWEEN_LOOKS = 16;

/**
 * Does `step` for every item: a first turn at once, the rest in later turns of the event loop,
 * then `done`. Returns a function that does all that is left, and `done`, at once.
 */
export const inTurns = <T>(
  items: Iterator<T>,
  step: (item: T) => void,
  done: () => void,
): (() => void) => {
  let finished = false;
  const turn = (until: number): void => {
    for (let count = 1; !finished; count += 1) {
      const next = items.next();
      if (next.done === true) {
        finished = true;
        done();
      } else {
        step(next.value);
        if (count % ITEMS_BETWEEN_LOOKS === 0 && now() >= until) {
          setImmediate(() => turn(now() + TURN_MS));
          return;
        }
      }
    }
  };
  turn(now() + TURN_MS);
  return () => turn(Number.POSITIVE_INFINITY);
};
