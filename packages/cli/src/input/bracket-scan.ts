/** How far a JSON value reaches in one line. */
export type BracketScan =
  /** It ends before this index. */
  | { readonly type: "closed"; readonly end: number }
  /** It goes on in the next line, this many brackets deep. */
  | { readonly type: "open"; readonly depth: number }
  /** A string is not finished at the line's end, which JSON does not permit. */
  | { readonly type: "broken" };

/** Follows the brackets of a line from an index on, outside of strings. */
export function scanBrackets(line: string, from: number, depth: number): BracketScan {
  const marks = /["[\]{}]/g;
  marks.lastIndex = from;
  let level = depth;
  for (let mark = marks.exec(line); mark !== null; mark = marks.exec(line)) {
    if (mark[0] === '"') {
      const end = stringEnd(line, mark.index);
      if (end === undefined) return { type: "broken" };
      marks.lastIndex = end;
      continue;
    }
    level += mark[0] === "{" || mark[0] === "[" ? 1 : -1;
    if (level === 0) return { type: "closed", end: marks.lastIndex };
  }
  return { type: "open", depth: level };
}

/** The index behind a string's closing quote. Not one regular expression: V8's overflows its stack on long strings. */
function stringEnd(line: string, start: number): number | undefined {
  for (
    let quote = line.indexOf('"', start + 1);
    quote !== -1;
    quote = line.indexOf('"', quote + 1)
  ) {
    let backslashes = 0;
    while (line[quote - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return undefined;
}
