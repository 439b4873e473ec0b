import { classesOf } from "./close-class.ts";
import { densityOf } from "./density.ts";
import { drawDensity } from "./density-canvas.ts";
import { requireElement } from "./element.ts";
import type { PictureRun } from "./picture.ts";
import { fractionOf, type TimeWindow, within } from "./time-window.ts";

/** What the strip above the rows shows: when runs ended, over all of the time. */
export interface OverviewSetting {
  readonly runs: readonly PictureRun[];
  readonly whole: TimeWindow;
  readonly window: TimeWindow;
}

/** The strip; dragging over it chooses a window. */
export interface Overview {
  readonly show: (setting: OverviewSetting) => void;
}

// A drag that is shorter than this many pixels is a click, which moves the window there.
const SHORTEST_DRAG = 4;
const COLUMN_WIDTH = 4;

export function createOverview(onWindow: (window: TimeWindow) => void): Overview {
  const strip = requireElement("overview", HTMLDivElement);
  const canvas = requireElement("density", HTMLCanvasElement);
  const frame = requireElement("window", HTMLDivElement);
  let setting: OverviewSetting | undefined;
  let begun: number | undefined;

  strip.addEventListener("pointerdown", (event) => {
    begun = event.clientX;
    strip.setPointerCapture(event.pointerId);
  });
  strip.addEventListener("pointermove", (event) => {
    const chosen = chosenBetween(begun, event.clientX);
    if (chosen !== undefined) place(chosen);
  });
  strip.addEventListener("pointerup", (event) => {
    const chosen = chosenBetween(begun, event.clientX) ?? movedTo(event.clientX);
    begun = undefined;
    if (chosen !== undefined) onWindow(chosen);
  });
  strip.addEventListener("pointercancel", () => {
    begun = undefined;
    if (setting !== undefined) place(setting.window);
  });
  new ResizeObserver(draw).observe(strip);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  function timeAt(x: number, { from, to }: TimeWindow): number {
    const { left, width } = strip.getBoundingClientRect();
    return from + (Math.min(Math.max(x, left), left + width) - left) * ((to - from) / width);
  }

  function chosenBetween(start: number | undefined, end: number): TimeWindow | undefined {
    if (start === undefined || setting === undefined || Math.abs(end - start) < SHORTEST_DRAG)
      return undefined;
    const { whole } = setting;
    return { from: timeAt(Math.min(start, end), whole), to: timeAt(Math.max(start, end), whole) };
  }

  function movedTo(x: number): TimeWindow | undefined {
    if (setting === undefined) return undefined;
    const { window, whole } = setting;
    const half = (window.to - window.from) / 2;
    const middle = timeAt(x, whole);
    return within({ from: middle - half, to: middle + half }, whole);
  }

  function draw(): void {
    if (setting === undefined) return;
    const { runs, whole, window } = setting;
    const parts = Math.floor(canvas.clientWidth / COLUMN_WIDTH);
    drawDensity(canvas, densityOf(runs, whole, parts), classesOf(runs));
    place(window);
  }

  function place(window: TimeWindow): void {
    if (setting === undefined) return;
    const left = Math.max(0, fractionOf(setting.whole, window.from));
    const right = Math.max(0, 1 - fractionOf(setting.whole, window.to));
    frame.hidden = left + right < 0.0005;
    frame.style.left = `${left * 100}%`;
    frame.style.right = `${right * 100}%`;
  }

  return {
    show: (next) => {
      setting = next;
      draw();
    },
  };
}
