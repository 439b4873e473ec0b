import { actionBars, runBars } from "./bars.ts";
import type { Clock } from "./clock.ts";
import { classOf, lookOf } from "./close-class.ts";
import { element } from "./element.ts";
import type { TimeWindow } from "./time-window.ts";
import type { Branch, Row } from "./tree.ts";
import { asideOf, noteOf, spokenTime, titleOf } from "./wording.ts";

/** What all rows are drawn against. */
export interface RowSetting {
  readonly window: TimeWindow;
  readonly clock: Clock;
}

/** The id of a row's element, which the grid names as the one that is active. */
export function rowIdOf(index: number): string {
  return `row-${index}`;
}

/** The element of a row, but for where it stands. */
export function rowView(row: Row, index: number, { window, clock }: RowSetting): HTMLElement {
  const { branch, level, position, siblings, isExpanded } = row;
  const view = element("div", {
    role: "row",
    class: `row ${branch.type}`,
    attributes: {
      id: rowIdOf(index),
      "aria-level": level,
      "aria-posinset": position,
      "aria-setsize": siblings,
      // The head of the columns is the first.
      "aria-rowindex": index + 2,
      "aria-expanded": isExpanded,
    },
    children: [
      nameCell(row),
      element("div", {
        role: "gridcell",
        class: "lane",
        attributes: { "aria-label": spokenTime(branch, clock.moment) },
        children: [
          element("div", {
            class: "plot",
            // The label of the cell says what it shows.
            attributes: { "aria-hidden": true },
            children: barsOf(branch, isExpanded, window),
          }),
        ],
      }),
      element("div", { role: "gridcell", class: "note", text: noteOf(branch) }),
    ],
  });
  view.dataset["index"] = String(index);
  const name = classNameOf(branch);
  if (name !== undefined) view.dataset["class"] = name;
  return view;
}

function nameCell({ branch, level, isExpanded }: Row): HTMLElement {
  const cell = element("div", {
    role: "gridcell",
    class: "name",
    children: [
      isExpanded === undefined ? undefined : twisty(),
      swatchOf(branch),
      element("span", { class: "title", text: titleOf(branch) }),
      element("span", { class: "aside", text: asideOf(branch) }),
    ],
  });
  cell.style.setProperty("--level", String(Math.min(level, 8) - 1));
  return cell;
}

function twisty(): HTMLElement {
  return element("span", { class: "twisty", attributes: { "aria-hidden": true } });
}

function swatchOf(branch: Branch): HTMLElement | undefined {
  const name = classNameOf(branch);
  if (name === undefined) return undefined;
  const { letter, label } = lookOf(name);
  // The letter says to the eye what the label says to the ear; of a group the label is the title.
  const isTitle = branch.type === "group";
  return element("span", {
    class: "swatch",
    text: letter,
    ...(isTitle ? {} : { role: "img" }),
    attributes: isTitle ? { "aria-hidden": true } : { "aria-label": label },
  });
}

function classNameOf(branch: Branch): string | undefined {
  if (branch.type === "group") return branch.name;
  return branch.type === "run" ? classOf(branch.run) : undefined;
}

function barsOf(
  branch: Branch,
  isExpanded: boolean | undefined,
  window: TimeWindow,
): readonly HTMLElement[] {
  switch (branch.type) {
    case "run":
      return runBars(branch.run, branch.closer, window);
    case "group":
      return [densityCanvas()];
    case "action":
      return [
        ...actionBars(branch.action, window),
        ...(isExpanded === false ? [densityCanvas()] : []),
      ];
  }
}

/** Drawn by the grid once it has a width. */
function densityCanvas(): HTMLElement {
  return element("canvas", { class: "density" });
}
