import type { Clock } from "./clock.ts";
import { durationText } from "./duration.ts";
import { element, requireElement } from "./element.ts";
import { fractionOf, type TimeWindow, ticksOf } from "./time-window.ts";

// A label with its distance to the next.
const LABEL_WIDTH = 96;

/** Writes the times of a window above the rows, and hands the rows where their lines stand. */
export function showAxis(window: TimeWindow, clock: Clock): void {
  const axis = requireElement("axis", HTMLDivElement);
  const grid = requireElement("grid", HTMLDivElement);
  const width = axis.clientWidth;
  const { step, times } = ticksOf(window, width / LABEL_WIDTH, clock.phase);
  const labels = times.map((time) => {
    const label = element("span", { class: "tick", text: clock.tick(time, step) });
    const at = fractionOf(window, time);
    label.style.left = `${at * 100}%`;
    // One that would be cut off has its line all the same.
    if (at * width > width - LABEL_WIDTH / 2) label.classList.add("unlabelled");
    return label;
  });
  axis.replaceChildren(...labels);
  const first = times[0] ?? window.from;
  grid.style.setProperty("--tick-first", `${fractionOf(window, first) * width}px`);
  grid.style.setProperty("--tick-step", `${(step / (window.to - window.from)) * width}px`);
  const range = requireElement("range", HTMLSpanElement);
  range.textContent = `${clock.moment(window.from).slice(0, 19)} UTC, ${durationText(window.to - window.from)}`;
}
