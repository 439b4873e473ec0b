import type { Picture, PictureAction, PictureRun, PictureSpan } from "./picture.ts";

/** The stretch of time that is shown, in milliseconds after the origin; never empty. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

// Nothing is measured finer than a microsecond.
const SHORTEST = 0.01;

/** All that a picture has times of. */
export function wholeWindow({ actions, runs }: Picture): TimeWindow {
  return padded(extent([...actions, ...runs]) ?? { from: 0, to: 1 }, 0.02);
}

/** What an action took, and a little before and after: runs that began long before it reach in. */
export function actionWindow(
  actions: readonly PictureAction[],
  runs: readonly PictureRun[],
): TimeWindow | undefined {
  // A run tells when it was asked by its own clock, which may be another than the action's.
  const asked = runs.flatMap(({ end, interrupt }) =>
    end === undefined ? [] : [{ id: "", start: end - (interrupt ?? 0), end }],
  );
  const found = extent([...actions, ...asked]);
  return found === undefined ? undefined : padded(found, 0.2);
}

/** Where a time stands in a window: 0 at its beginning, 1 at its end. */
export function fractionOf({ from, to }: TimeWindow, time: number): number {
  return (time - from) / (to - from);
}

/** A window `factor` times as long around the same middle, within `whole`. */
export function zoomed({ from, to }: TimeWindow, factor: number, whole: TimeWindow): TimeWindow {
  const middle = (from + to) / 2;
  const half = Math.max(SHORTEST, (to - from) * factor) / 2;
  return within({ from: middle - half, to: middle + half }, whole);
}

/** A window moved by a part of its own length, within `whole`. */
export function panned({ from, to }: TimeWindow, part: number, whole: TimeWindow): TimeWindow {
  const by = (to - from) * part;
  return within({ from: from + by, to: to + by }, whole);
}

/** A window of the same length, or `whole` if that is shorter, that does not reach out of it. */
export function within({ from, to }: TimeWindow, whole: TimeWindow): TimeWindow {
  const length = Math.max(SHORTEST, to - from);
  if (length >= whole.to - whole.from) return whole;
  const start = Math.min(Math.max(from, whole.from), whole.to - length);
  return { from: start, to: start + length };
}

/** Times in a window that are round by a clock, about as many as asked for, and their distance. */
export function ticksOf(
  { from, to }: TimeWindow,
  about: number,
  phaseOf: (step: number) => number,
): { readonly step: number; readonly times: readonly number[] } {
  const step = roundStep((to - from) / Math.max(1, about));
  const phase = phaseOf(step);
  const times: number[] = [];
  const first = Math.ceil((from + phase) / step);
  for (let n = first; n * step - phase <= to && times.length < 100; n += 1)
    times.push(n * step - phase);
  return { step, times };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LONG_STEPS = [1, 2, 5, 10, 15, 30]
  .map((count) => count * 1000)
  .concat(
    [1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
    [1, 2, 3, 6, 12, 24].map((count) => count * HOUR),
  );

function roundStep(least: number): number {
  if (least > 1000) {
    const days = Math.ceil(least / (24 * HOUR));
    return LONG_STEPS.find((step) => step >= least) ?? days * 24 * HOUR;
  }
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= least) ?? 10;
  return Math.max(0.001, factor * power);
}

function extent(spans: readonly PictureSpan[]): TimeWindow | undefined {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { start, end } of spans) {
    from = Math.min(from, start ?? end ?? from);
    to = Math.max(to, end ?? start ?? to);
  }
  return from <= to ? { from, to } : undefined;
}

function padded({ from, to }: TimeWindow, part: number): TimeWindow {
  const padding = Math.max(to - from, SHORTEST) * part;
  return { from: from - padding, to: to + padding };
}
