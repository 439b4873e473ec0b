import { now } from "../registry.ts";
import { startTimer } from "../timer.ts";

/**
 * How long a turn of ours holds the event loop, in ms. What a turn sets off in the application and
 * the SDK (runs that unwind, spans that end) comes on top of it, before the next one.
 */
const TURN_MS = 3;

/** Asking for the time costs, so it is asked for once in so many items. */
const ITEMS_BETWEEN_LOOKS = 16;

/** How often it is looked again whether turns that are held may go on, in ms, and for how long. */
export const LOOK_AGAIN_MS = 20;
const MAX_HELD_MS = 10_000;

/** Work of ours in turns of the event loop. */
export interface Turns {
  /** The first turn, at once; the rest follows in later ones. */
  begin(): void;
  /** All that is left, and `done`, at once. */
  finish(): void;
}

interface Work<T> {
  readonly step: (item: T) => void;
  readonly done: () => void;
  /** Asked before each item and before `done`. */
  readonly isHeld?: () => boolean;
}

/** Does `step` for every item, then `done`. While it is held it waits, at most 10 s in all. */
export const inTurns = <T>(
  items: Iterator<T>,
  { step, done, isHeld = () => false }: Work<T>,
): Turns => {
  let finished = false;
  let heldFor = 0;
  const waits = (until: number): boolean => {
    if (heldFor >= MAX_HELD_MS || until === Number.POSITIVE_INFINITY || !isHeld()) return false;
    heldFor += LOOK_AGAIN_MS;
    startTimer("turn", () => turn(now() + TURN_MS), LOOK_AGAIN_MS);
    return true;
  };
  const turn = (until: number): void => {
    for (let count = 1; !finished; count += 1) {
      if (waits(until)) return;
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
  return {
    begin: () => turn(now() + TURN_MS),
    finish: () => turn(Number.POSITIVE_INFINITY),
  };
};
