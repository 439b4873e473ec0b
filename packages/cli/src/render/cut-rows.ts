import type { Row } from "./row.ts";

/** The rows of the first `longest` items, and one that says how many there are besides. */
export function cutRows<Item>(
  items: readonly Item[],
  longest: number,
  rowOf: (item: Item) => Row,
): readonly Row[] {
  const rows = items.slice(0, longest).map(rowOf);
  const rest = items.length - rows.length;
  return rest === 0
    ? rows
    : [...rows, { cells: [{ text: `… and ${rest} more`, style: "aside" }], below: [] }];
}
