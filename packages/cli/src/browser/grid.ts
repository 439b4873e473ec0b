import { classesOf } from "./close-class.ts";
import { densityOf } from "./density.ts";
import { drawDensity } from "./density-canvas.ts";
import { requireElement } from "./element.ts";
import { type GridKey, keyOf } from "./grid-key.ts";
import { type RowSetting, rowIdOf, rowView } from "./row-view.ts";
import { type Row, runsBelow } from "./tree.ts";

/** What a grid tells whoever made it. */
export interface GridEvents {
  readonly onActivate: (row: Row) => void;
  /** Its details are asked for. */
  readonly onOpen: (row: Row) => void;
  readonly onToggle: (row: Row, isExpanded: boolean) => void;
  /** A key that is not about rows. */
  readonly onCommand: (key: GridKey) => void;
}

/** The rows, of which only those in sight are in the document. */
export interface Grid {
  /** Shows rows; `activeKey` is the branch that is active, the first row if there is none such. */
  readonly show: (rows: readonly Row[], setting: RowSetting, activeKey: string | undefined) => void;
  readonly focus: () => void;
}

// Above and below what is in sight, so that a short scroll shows no gap.
const OVERSCAN = 8;

export function createGrid(events: GridEvents): Grid {
  const grid = requireElement("grid", HTMLDivElement);
  const body = requireElement("rows", HTMLDivElement);
  const head = requireElement("columns", HTMLDivElement);
  const views = new Map<number, HTMLElement>();
  let rows: readonly Row[] = [];
  let setting: RowSetting | undefined;
  let active = 0;

  // A frame later, because many scrolls may come within one.
  let frame = 0;
  const later = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  };
  grid.addEventListener("scroll", later, { passive: true });
  new ResizeObserver(redraw).observe(grid);
  grid.addEventListener("keydown", pressed);
  body.addEventListener("click", clicked);
  body.addEventListener("dblclick", () => events.onCommand("zoom-to-row"));

  return {
    show: (next, nextSetting, activeKey) => {
      const first = firstInSight();
      const firstKey = rows[first]?.branch.key;
      rows = next;
      setting = nextSetting;
      const at = rows.findIndex(({ branch }) => branch.key === activeKey);
      active = Math.max(0, at);
      redraw();
      if (first > 0) stayAt(first, firstKey);
    },
    focus: () => grid.focus({ preventScroll: true }),
  };

  function rowHeight(): number {
    // Read each time: it is larger where the screen is narrow.
    return Number.parseFloat(getComputedStyle(grid).getPropertyValue("--row-height")) || 28;
  }

  function firstInSight(): number {
    return Math.floor(grid.scrollTop / rowHeight());
  }

  /** Scrolls to where a row has gone: what comes before it must not move what somebody looks at. */
  function stayAt(before: number, key: string | undefined): void {
    const now = rows.findIndex(({ branch }) => branch.key === key);
    if (now < 0 || now === before) return;
    grid.scrollTop += (now - before) * rowHeight();
    draw();
  }

  function redraw(): void {
    for (const view of views.values()) view.remove();
    views.clear();
    body.style.height = `${rows.length * rowHeight()}px`;
    grid.setAttribute("aria-rowcount", String(rows.length + 1));
    draw();
  }

  function draw(): void {
    if (setting === undefined) return;
    const height = rowHeight();
    const first = Math.max(0, Math.floor(grid.scrollTop / height) - OVERSCAN);
    const last = Math.min(
      rows.length - 1,
      Math.ceil((grid.scrollTop + grid.clientHeight) / height) + OVERSCAN,
    );
    for (const [index, view] of views) {
      // The active row stays, because the grid names it to assistive technology.
      if ((index >= first && index <= last) || index === active) continue;
      view.remove();
      views.delete(index);
    }
    for (let index = first; index <= last; index += 1) place(index, height, setting);
    if (rows.length > 0) place(active, height, setting);
    markActive();
  }

  function place(index: number, height: number, against: RowSetting): void {
    const row = rows[index];
    if (row === undefined || views.has(index)) return;
    const view = rowView(row, index, against);
    view.style.top = `${index * height}px`;
    views.set(index, view);
    // In their order, in which a screen reader goes through them.
    const after = [...views.keys()].filter((other) => other > index);
    body.insertBefore(view, views.get(Math.min(...after)) ?? null);
    const canvas = view.querySelector("canvas");
    if (canvas === null) return;
    const runs = runsBelow(row.branch);
    const parts = Math.floor(canvas.clientWidth / 4);
    drawDensity(canvas, densityOf(runs, against.window, parts), classesOf(runs));
  }

  function markActive(): void {
    for (const [index, view] of views) view.setAttribute("aria-selected", String(index === active));
    if (rows.length === 0) grid.removeAttribute("aria-activedescendant");
    else grid.setAttribute("aria-activedescendant", rowIdOf(active));
  }

  function activate(index: number): void {
    const at = Math.min(Math.max(0, index), rows.length - 1);
    const row = rows[at];
    if (row === undefined) return;
    active = at;
    scrollTo(active);
    draw();
    events.onActivate(row);
  }

  function scrollTo(index: number): void {
    const height = rowHeight();
    const top = index * height;
    const room = grid.clientHeight - head.offsetHeight - height;
    grid.scrollTop = Math.min(top, Math.max(top - room, grid.scrollTop));
  }

  function pressed(event: KeyboardEvent): void {
    const key = keyOf(event);
    const row = rows[active];
    if (key === undefined || row === undefined) return;
    event.preventDefault();
    move(key, row);
  }

  function move(key: GridKey, row: Row): void {
    const page = Math.max(1, Math.floor(grid.clientHeight / rowHeight()) - 2);
    const targets: Partial<Record<GridKey, number | undefined>> = {
      down: active + 1,
      up: active - 1,
      "page-down": active + page,
      "page-up": active - page,
      first: 0,
      last: rows.length - 1,
      in: row.isExpanded ? active + 1 : undefined,
      out: row.isExpanded ? undefined : row.parent,
    };
    const target = targets[key];
    if (target !== undefined) activate(target);
    else if (key === "in" && row.isExpanded === false) events.onToggle(row, true);
    else if (key === "out" && row.isExpanded) events.onToggle(row, false);
    else if (key === "open") events.onOpen(row);
    else events.onCommand(key);
  }

  function clicked({ target }: Event): void {
    if (!(target instanceof Element)) return;
    const view = target.closest<HTMLElement>("[data-index]");
    const index = Number(view?.dataset["index"]);
    const row = rows[index];
    if (row === undefined) return;
    activate(index);
    if (target.closest(".twisty") !== null) events.onToggle(row, row.isExpanded === false);
    else events.onOpen(row);
  }
}
