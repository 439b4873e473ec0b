import { showAxis } from "./axis.ts";
import { type Clock, clockOf } from "./clock.ts";
import { createDetails } from "./details.ts";
import { requireElement } from "./element.ts";
import { showEmpty } from "./empty.ts";
import { type Filter, filtered, NO_FILTER } from "./filter.ts";
import { createGrid } from "./grid.ts";
import type { GridKey } from "./grid-key.ts";
import { followPicture } from "./live.ts";
import { createOverview } from "./overview.ts";
import type { Picture, PictureAction } from "./picture.ts";
import {
  actionWindow,
  panned,
  type TimeWindow,
  wholeWindow,
  within,
  zoomed,
} from "./time-window.ts";
import { createToolbar } from "./toolbar.ts";
import { createTooltip } from "./tooltip.ts";
import { type Branch, findBranch, type Row, rowsOf, runsBelow, treeOf } from "./tree.ts";
import { summaryOf } from "./wording.ts";

let picture: Picture = {
  origin: "0",
  actions: [],
  runs: [],
  inherited: 0,
  leftOut: { actions: 0, runs: 0 },
};
let filter: Filter = NO_FILTER;
let clock: Clock = clockOf("0");
let whole: TimeWindow = { from: 0, to: 1 };
// Undefined for all of it, also when more comes.
let chosenWindow: TimeWindow | undefined;
let tree: readonly Branch[] = [];
let rows: readonly Row[] = [];
let activeKey: string | undefined;
let detailed: Branch | undefined;
const openness = new Map<string, boolean>();

const status = requireElement("status", HTMLParagraphElement);
const toolbar = createToolbar((change) => {
  filter = { ...filter, ...change };
  show();
});
const overview = createOverview(showWindow);
const grid = createGrid({
  onActivate: (row) => {
    activeKey = row.branch.key;
    if (detailed !== undefined) showDetails(row.branch);
  },
  onOpen: open,
  onToggle: toggle,
  onCommand: command,
});
const details = createDetails({
  onClose: close,
  onZoom: zoomTo,
  onAction: showAction,
});
createTooltip(
  (index) => rows[index],
  () => clock,
);
for (const [id, key] of [
  ["zoom-in", "zoom-in"],
  ["zoom-out", "zoom-out"],
  ["fit", "fit"],
] as const)
  requireElement(id, HTMLButtonElement).addEventListener("click", () => command(key));
new ResizeObserver(() => showAxis(windowNow(), clock)).observe(
  requireElement("axis", HTMLDivElement),
);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showRows);

// Written by our own code into this page.
const embedded = JSON.parse(
  document.getElementById("picture")?.textContent ?? "null",
) as Picture | null;
const isLive = embedded === null;
if (embedded !== null) take(embedded);
else {
  show();
  followPicture({ onPicture: take, onConnection: showConnection });
}

function take(next: Picture): void {
  // Times count from the origin, which an earlier span moves.
  if (chosenWindow !== undefined && next.origin !== picture.origin)
    chosenWindow = moved(chosenWindow, Number(BigInt(picture.origin) - BigInt(next.origin)) / 1e6);
  picture = next;
  clock = clockOf(next.origin);
  whole = wholeWindow(next);
  show();
  if (detailed !== undefined) showDetails(newest(detailed));
}

/** A branch as the picture has it now, also where the filter leaves it out. */
function newest(branch: Branch): Branch {
  const everything = () => treeOf(picture, filtered(picture, NO_FILTER));
  return findBranch(tree, branch.key) ?? findBranch(everything(), branch.key) ?? branch;
}

function showDetails(branch: Branch): void {
  if (branch.type === "group") return;
  detailed = branch;
  details.show(branch, clock);
}

function show(): void {
  const left = filtered(picture, filter);
  tree = treeOf(picture, left);
  const { title, rest } = summaryOf(picture);
  requireElement("summary", HTMLHeadingElement).textContent = title;
  requireElement("rest", HTMLParagraphElement).textContent = rest;
  toolbar.show(picture, filter, left);
  showEmpty(picture, tree, isLive);
  overview.show({ runs: left.runs, whole, window: windowNow() });
  showRows();
}

function showRows(): void {
  requireElement("grid", HTMLDivElement).classList.toggle("detailed", detailed !== undefined);
  rows = rowsOf(tree, openness);
  showAxis(windowNow(), clock);
  grid.show(rows, { window: windowNow(), clock }, activeKey);
}

function windowNow(): TimeWindow {
  return chosenWindow === undefined ? whole : within(chosenWindow, whole);
}

function showWindow(window: TimeWindow | undefined): void {
  chosenWindow = window === undefined || window === whole ? undefined : window;
  requireElement("fit", HTMLButtonElement).disabled = chosenWindow === undefined;
  show();
}

function toggle(row: Row, isExpanded: boolean): void {
  openness.set(row.branch.key, isExpanded);
  activeKey = row.branch.key;
  showRows();
}

function open(row: Row): void {
  if (row.branch.type === "group") {
    toggle(row, row.isExpanded === false);
    return;
  }
  showDetails(row.branch);
  // The panel takes room from the rows.
  showRows();
  details.focus();
}

function close(): void {
  detailed = undefined;
  details.hide();
  showRows();
  grid.focus();
}

function zoomTo(branch: Branch): void {
  const { actions, runs } = picture;
  const index =
    branch.type === "action" ? branch.index : branch.type === "run" ? branch.run.action : undefined;
  const action = index === undefined ? undefined : actions[index];
  const found =
    action === undefined
      ? actionWindow([], runsBelow(branch))
      : actionWindow(
          [action],
          runs.filter((run) => run.action === index),
        );
  if (found !== undefined) showWindow(found);
}

function showAction(action: PictureAction): void {
  const row = rows.find(({ branch }) => branch.type === "action" && branch.action === action);
  if (row === undefined) return;
  activeKey = row.branch.key;
  open(row);
}

function command(key: GridKey): void {
  const active = rows.find(({ branch }) => branch.key === activeKey) ?? rows[0];
  const commands: Partial<Record<GridKey, () => void>> = {
    "zoom-to-row": () => active !== undefined && zoomTo(active.branch),
    "zoom-in": () => showWindow(zoomed(windowNow(), 0.5, whole)),
    "zoom-out": () => showWindow(zoomed(windowNow(), 2, whole)),
    earlier: () => showWindow(panned(windowNow(), -0.25, whole)),
    later: () => showWindow(panned(windowNow(), 0.25, whole)),
    fit: () => showWindow(undefined),
    close: () => (detailed !== undefined ? close() : showWindow(undefined)),
  };
  commands[key]?.();
}

function moved({ from, to }: TimeWindow, by: number): TimeWindow {
  return { from: from + by, to: to + by };
}

function showConnection(isConnected: boolean): void {
  status.hidden = false;
  status.classList.toggle("lost", !isConnected);
  const text = isConnected ? "Live" : "Not connected: this is what came last";
  // Written again each second it would be read out each second.
  if (status.textContent !== text) status.textContent = text;
}
