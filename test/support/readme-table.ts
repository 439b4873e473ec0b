/**
 * The attributes that a README's tables list: each name in backticks in the first cell of a row
 * that begins with a `lifecycle.` name. `.kind` after `lifecycle.action.id` is short for
 * `lifecycle.action.kind`, as in the design.
 */
export const attributesListedIn = (markdown: string): readonly string[] =>
  markdown
    .split("\n")
    .filter((line) => line.startsWith("| `lifecycle."))
    .flatMap((line) => namesIn(line.split("|")[1] ?? ""));

const namesIn = (cell: string): readonly string[] => {
  const names: string[] = [];
  for (const [, name = ""] of cell.matchAll(/`([^`]+)`/g)) {
    const before = names.at(-1) ?? "";
    names.push(name.startsWith(".") ? before.slice(0, before.lastIndexOf(".")) + name : name);
  }
  return names;
};
