import { classOf, lookOf } from "./close-class.ts";
import { element } from "./element.ts";
import type { PictureAction, PictureRun, PictureSpan } from "./picture.ts";
import { fractionOf, type TimeWindow } from "./time-window.ts";

/** A run: its bar, the delay at its end, its letter, and behind it the time that its action took. */
export function runBars(
  run: PictureRun,
  closer: PictureAction | undefined,
  window: TimeWindow,
): readonly HTMLElement[] {
  const times = timesOf(run);
  const behind = closer === undefined ? [] : placedBar("band", timesOf(closer), window);
  if (times === undefined)
    return [...behind, element("span", { class: "timeless", text: "no time" })];
  const bars = [...behind, ...placedBar("bar", times, window)];
  if (run.interrupt !== undefined && run.interrupt > 0)
    bars.push(...placedBar("delay", { from: times.to - run.interrupt, to: times.to }, window));
  return [...bars, endMark(run, times, window)];
}

/** An action: a bracket from its beginning to its end. */
export function actionBars(action: PictureAction, window: TimeWindow): readonly HTMLElement[] {
  const times = timesOf(action);
  if (times === undefined) return [element("span", { class: "timeless", text: "no time" })];
  const bars = placedBar("action-bar", times, window);
  return bars.length > 0 ? [...bars] : [beyondMark(times, window)];
}

/** Places an element on the stretch of a window that times cover; nothing if that is none. */
function placedBar(
  name: string,
  times: TimeWindow | undefined,
  window: TimeWindow,
): readonly HTMLElement[] {
  if (times === undefined) return [];
  const from = fractionOf(window, times.from);
  const to = fractionOf(window, times.to);
  if (to < 0 || from > 1) return [];
  const left = Math.max(0, from);
  const bar = element("span", { class: name });
  bar.classList.toggle("cut-before", from < 0);
  bar.classList.toggle("cut-after", to > 1);
  // From the right, because the least width that is visible must not move its end.
  bar.style.right = percent(1 - Math.min(1, to));
  bar.style.width = percent(Math.min(1, to) - left);
  return [bar];
}

function endMark(run: PictureRun, times: TimeWindow, window: TimeWindow): HTMLElement {
  const at = fractionOf(window, times.to);
  if (at < 0 || at > 1) return beyondMark(times, window);
  const mark = element("span", { class: "mark", text: lookOf(classOf(run)).letter });
  mark.style.left = percent(at);
  return mark;
}

/** Where what is not in the window is to be found; none for what reaches through it. */
function beyondMark(times: TimeWindow, window: TimeWindow): HTMLElement {
  const isEarlier = times.to < window.from;
  return element("span", {
    class: isEarlier ? "beyond earlier" : "beyond later",
    text: isEarlier ? "‹" : "›",
  });
}

function timesOf({ start, end }: PictureSpan): TimeWindow | undefined {
  if (end === undefined && start === undefined) return undefined;
  return { from: start ?? end ?? 0, to: end ?? start ?? 0 };
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(4)}%`;
}
