/**
 * A text broken at its blanks into lines of at most `width` characters; a word that is longer has a
 * line of its own. Never empty.
 */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || lengthOf(longer) <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line];
}

/** How many characters a terminal shows of it, wide ones aside. */
export function lengthOf(text: string): number {
  return [...text].length;
}
