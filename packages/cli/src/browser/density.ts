import { classOf } from "./close-class.ts";
import type { PictureRun } from "./picture.ts";
import { fractionOf, type TimeWindow } from "./time-window.ts";

/** How many runs of each class ended in each of the equal parts of a window. */
export interface Density {
  readonly bins: readonly ReadonlyMap<string, number>[];
  readonly highest: number;
}

export function densityOf(runs: readonly PictureRun[], window: TimeWindow, parts: number): Density {
  const bins = Array.from({ length: Math.max(1, parts) }, () => new Map<string, number>());
  let highest = 0;
  const totals = new Uint32Array(bins.length);
  for (const run of runs) {
    const time = run.end ?? run.start;
    if (time === undefined) continue;
    const at = Math.floor(fractionOf(window, time) * bins.length);
    const bin = bins[at];
    if (bin === undefined) continue;
    const name = classOf(run);
    bin.set(name, (bin.get(name) ?? 0) + 1);
    totals[at] = (totals[at] ?? 0) + 1;
    highest = Math.max(highest, totals[at] ?? 0);
  }
  return { bins, highest };
}
