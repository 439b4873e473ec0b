import type { Figure, Unit } from "./figure.ts";

const SUFFIX: Readonly<Record<Unit, string>> = {
  "1": "",
  us: " us",
  ms: " ms",
  By: " B",
  "{file}": " files",
  s: " s",
  MiBy: " MiB",
  "{span}/s": " spans/s",
};

/** The figures for a reader: one a line, with what the goal makes of it. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = figures.map(cellsOf);
  const [nameWidth, valueWidth, goalWidth] = [0, 1, 2].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map(([name, value, goal, verdict]) =>
    [
      name.padEnd(nameWidth ?? 0),
      value.padStart(valueWidth ?? 0),
      goal.padEnd(goalWidth ?? 0),
      verdict,
    ]
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
};

const cellsOf = ({ name, value, unit, goal, holds }: Figure): [string, string, string, string] => [
  name,
  `${value.toFixed(Math.abs(value) >= 100 ? 0 : 2)}${SUFFIX[unit]}`,
  goal === null ? "" : `goal <= ${goal}${SUFFIX[unit]}`,
  holds === null ? "" : holds ? "ok" : "misses",
];
