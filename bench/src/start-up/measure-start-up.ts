import { type Figure, figure, figureWithGoal } from "../figure.ts";
import type { Progress } from "../measure.ts";
import { type Rounds, ratioOf, type Taken, takePairs } from "../pairs.ts";
import { median } from "../statistics.ts";
import { moduleGraphOf } from "./module-graph.ts";
import { placePublished } from "./published.ts";
import { type Start, start } from "./start.ts";

/** What a start with `register` takes, beside one with the same SDK set up by hand. */
export const measureStartUp = async (
  rounds: Rounds,
  progress: Progress,
): Promise<readonly Figure[]> => {
  progress("start-up: register, beside the same SDK by hand");
  const published = placePublished();
  try {
    return await measure(published.register, rounds);
  } finally {
    published.remove();
  }
};

const measure = async (register: string, rounds: Rounds): Promise<readonly Figure[]> => {
  const pairs = await takePairs(
    { ours: () => start(register), plain: () => start(BY_HAND) },
    rounds,
  );
  const cpus = pairs.map(({ ours, plain }) => ({ ours: ours.cpu, plain: plain.cpu }));
  const [ours, plain] = [moduleGraphOf(register), moduleGraphOf(BY_HAND)];
  return [
    figureWithGoal("register_startup", excessOf(pairs, "cpu"), "ms", 30),
    figure("register_startup_wall", excessOf(pairs, "wall"), "ms"),
    figure("register_startup_ratio", ratioOf(cpus), "1"),
    figure("by_hand_process", median(cpus.map((one) => one.plain)), "ms"),
    figure("register_modules", ours.files, "{file}"),
    figure("by_hand_modules", plain.files, "{file}"),
    figure("register_module_size", ours.bytes, "By"),
    figure("by_hand_module_size", plain.bytes, "By"),
  ];
};

const BY_HAND = new URL("by-hand.js", import.meta.url).href;

/** The median of what ours takes more than its neighbour. */
const excessOf = (pairs: readonly Taken<Start>[], what: keyof Start): number =>
  median(pairs.map(({ ours, plain }) => ours[what] - plain[what]));
