import type { Paint, Style } from "./paint.ts";
import { lengthOf } from "./wrapped.ts";

/** A text of one column. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

/** A line of the account: its columns and the rows that hang below it. */
export interface Row {
  readonly cells: readonly Cell[];
  readonly below: readonly Row[];
}

// A wider cell pushes its own row only, so that one long name does not widen all of them.
const WIDEST_COLUMN = 44;
const GAP = "   ";

/** The lines of rows as a tree, columns aligned among siblings. */
export function linesOfRows(rows: readonly Row[], paint: Paint): readonly string[] {
  const widths = widthsOf(rows);
  return rows.flatMap((row) => [
    cellsLine(row.cells, widths, paint),
    ...branchLines(row.below, paint),
  ]);
}

function branchLines(rows: readonly Row[], paint: Paint): readonly string[] {
  const widths = widthsOf(rows);
  return rows.flatMap((row, index) => {
    const isLast = index === rows.length - 1;
    return [
      `${isLast ? "└─ " : "├─ "}${cellsLine(row.cells, widths, paint)}`,
      ...branchLines(row.below, paint).map((line) => `${isLast ? "   " : "│  "}${line}`),
    ];
  });
}

function cellsLine(cells: readonly Cell[], widths: readonly number[], paint: Paint): string {
  const last = lastColumn(cells);
  return cells
    .slice(0, last + 1)
    .map(({ text, style }, column) => {
      // Padded outside of the style, because a style's escape sequences have no width.
      const padding = column === last ? 0 : (widths[column] ?? 0) - lengthOf(text);
      return `${style === undefined ? text : paint(text, style)}${" ".repeat(Math.max(0, padding))}`;
    })
    .join(GAP);
}

/** A row's last cell needs no width: nothing of that row stands behind it. */
function widthsOf(rows: readonly Row[]): readonly number[] {
  const widths: number[] = [];
  for (const { cells } of rows) {
    cells.slice(0, lastColumn(cells)).forEach(({ text }, column) => {
      const length = lengthOf(text);
      if (length <= WIDEST_COLUMN) widths[column] = Math.max(widths[column] ?? 0, length);
    });
  }
  return widths;
}

function lastColumn(cells: readonly Cell[]): number {
  return cells.findLastIndex((cell) => cell.text !== "");
}
