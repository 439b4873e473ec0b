import type { Journal } from "../journal.ts";
import { createTally, resultOf } from "../recovery/tally.ts";

/** A journal that does nothing: what goes through it goes as if it were not there. */
export const INERT: Journal = {
  path: undefined,
  isNeeded: false,
  through: (exporter) => exporter,
  recover: () => Promise.resolve(resultOf(createTally({}), true)),
  spill: () => 0,
  close: () => undefined,
};
